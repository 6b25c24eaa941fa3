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
    public void On_a_disk_that_refuses_the_agent_starts_and_counts_in_memory_and_all_of_it_is_kept_once_the_disk_works()
    {
        DeviceCounters.Open(_folder.Agent, _time).NextEpoch();
        string obstacle = _folder.Agent.Counters + ".new";
        Directory.CreateDirectory(obstacle);

        DeviceCounters counters = DeviceCounters.Open(_folder.Agent, _time);
        long epoch = counters.NextEpoch();
        counters.Trust(9);

        Assert.NotNull(counters.Fault);
        Assert.Equal((2, 9L), (counters.Boot, counters.HighestRevision));
        Assert.True(epoch > 1_000_000, "Another start that finds the old file would use the epoch again.");

        Directory.Delete(obstacle);
        counters.Retry();

        Assert.Null(counters.Fault);
        DeviceCounters next = DeviceCounters.Open(_folder.Agent, _time);
        Assert.Equal((3, 9L, epoch), (next.Boot, next.HighestRevision, next.Epoch));
    }

    [Fact]
    public void Starts_in_a_row_count_until_one_is_calm()
    {
        DeviceCounters.Open(_folder.Agent, _time);
        DeviceCounters second = DeviceCounters.Open(_folder.Agent, _time);
        Assert.Equal(2, second.ShortRuns);

        second.Calm();

        Assert.Equal(1, DeviceCounters.Open(_folder.Agent, _time).ShortRuns);
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
