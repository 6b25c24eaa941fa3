using InstantNet.Bench.Mqtt;

namespace InstantNet.Tests.Unit.Bench.Mqtt;

public class RoundTripTests
{
    [Fact]
    public void Ninety_nine_of_a_hundred_trips_are_within_the_p99_and_the_longest_is_told_apart()
    {
        double[] trips = [.. Enumerable.Range(1, 100).Select(i => (double)i).Reverse()];

        Assert.Equal(new RoundTrip("client", 100, MedianMicroseconds: 51, P99Microseconds: 99, LongestMicroseconds: 100), RoundTrip.Of("client", trips));
    }

    [Fact]
    public void A_single_trip_is_all_there_is() => Assert.Equal(new RoundTrip("client", 1, 7, 7, 7), RoundTrip.Of("client", [7]));
}
