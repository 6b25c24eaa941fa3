using InstantNet.Generation.Mapping;

namespace InstantNet.Tests.Unit.Generation.Mapping;

public class MapperBenchmarkTests
{
    [Fact]
    public void Costing_ready_mappings_and_searching_are_timed_apart()
    {
        // A clock that advances one second per reading: 3 of 4 seconds pass in the costing loop, whatever the machine does.
        MapperSpeed speed = MapperBenchmark.Run(SomeMapping.Eyeriss, TimeSpan.FromSeconds(3), new SteppingClock());

        Assert.Equal(2 * 1024 / 4.0, speed.CostedPerSecond);
        Assert.True(speed.SearchedPerSecond > 0);
    }

    private sealed class SteppingClock : TimeProvider
    {
        private long _seconds;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => _seconds++;
    }
}
