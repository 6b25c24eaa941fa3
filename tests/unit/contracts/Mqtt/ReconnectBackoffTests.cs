using InstantNet.Contracts.Mqtt;

namespace InstantNet.Tests.Unit.Contracts.Mqtt;

public class ReconnectBackoffTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(5, 32)]
    [InlineData(6, 60)]
    [InlineData(int.MaxValue, 60)]
    public void The_window_doubles_up_to_its_limit(int failedAttempts, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Backoff(seed: 1).Window(failedAttempts));

    [Fact]
    public void Waits_are_spread_over_the_whole_window()
    {
        ReconnectBackoff backoff = Backoff(seed: 1);
        double[] waits = [.. Enumerable.Range(0, 10_000).Select(_ => backoff.Next(10).TotalSeconds)];

        Assert.All(waits, wait => Assert.InRange(wait, 0, 60));
        for (int tenth = 0; tenth < 10; tenth++)
            Assert.InRange(waits.Count(wait => wait >= tenth * 6 && wait < (tenth + 1) * 6), 850, 1150);
    }

    [Fact]
    public void The_same_seed_gives_the_same_waits()
    {
        (ReconnectBackoff one, ReconnectBackoff two) = (Backoff(seed: 7), Backoff(seed: 7));
        Assert.Equal(Enumerable.Range(0, 20).Select(one.Next), Enumerable.Range(0, 20).Select(two.Next));
    }

    [Fact]
    public void Refuses_windows_that_make_no_sense()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReconnectBackoff(TimeSpan.Zero, TimeSpan.FromSeconds(1), new Random(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReconnectBackoff(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1), new Random(1)));
    }

    private static ReconnectBackoff Backoff(int seed) => new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60), new Random(seed));
}
