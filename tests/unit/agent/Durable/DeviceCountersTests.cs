using InstantNet.Agent.Durable;
using InstantNet.Tests.Unit.Agent.Link;

namespace InstantNet.Tests.Unit.Agent.Durable;

public sealed class DeviceCountersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Counts_starts_and_keeps_every_number_over_a_restart()
    {
        DeviceCounters first = DeviceCounters.Open(_folder.Agent, _time);
        first.NextEpoch();
        first.NextEpoch();
        first.Trust(7);

        DeviceCounters second = DeviceCounters.Open(_folder.Agent, _time);

        Assert.Equal((1, 2), (first.Boot, second.Boot));
        Assert.Equal((2L, 7L), (second.Epoch, second.HighestRevision));
        Assert.False(second.WereLost);
    }

    [Fact]
    public void Never_trusts_less_than_before()
    {
        DeviceCounters counters = DeviceCounters.Open(_folder.Agent, _time);
        counters.Trust(7);
        counters.Trust(3);
        Assert.Equal(7, counters.HighestRevision);
    }

    [Fact]
    public void A_damaged_file_begins_anew_above_every_epoch_that_can_have_been()
    {
        DeviceCounters.Open(_folder.Agent, _time).NextEpoch();
        File.WriteAllText(_folder.Agent.Counters, "{\"v\":1,");

        DeviceCounters counters = DeviceCounters.Open(_folder.Agent, _time);

        Assert.True(counters.WereLost);
        Assert.True(counters.NextEpoch() > 1_000_000);
    }

    [Fact]
    public void Looking_counts_nothing()
    {
        DeviceCounters.Open(_folder.Agent, _time);
        DeviceCounters.Look(_folder.Agent, _time);
        Assert.Equal(2, DeviceCounters.Open(_folder.Agent, _time).Boot);
    }

    [Fact]
    public void Only_one_agent_at_a_time_gets_a_folder()
    {
        using (FolderLock? first = FolderLock.TryTake(_folder.Agent))
        {
            Assert.NotNull(first);
            Assert.Null(FolderLock.TryTake(_folder.Agent));
        }

        using FolderLock? later = FolderLock.TryTake(_folder.Agent);
        Assert.NotNull(later);
    }
}
