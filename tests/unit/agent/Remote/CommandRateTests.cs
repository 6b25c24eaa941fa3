using System.Text;
using InstantNet.Agent.Remote;
using InstantNet.Tests.Unit.Agent.Link;

namespace InstantNet.Tests.Unit.Agent.Remote;

public class CommandRateTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void A_flood_gets_the_burst_and_then_the_rate_however_long_it_lasts()
    {
        CommandRate rate = new(_time);
        int taken = 0;
        for (int millisecond = 0; millisecond < 60_000; millisecond++)
        {
            taken += rate.TryTake() ? 1 : 0;
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.InRange(taken, CommandRate.Burst + 60 * CommandRate.PerSecond - 1, CommandRate.Burst + 60 * CommandRate.PerSecond);
    }

    [Fact]
    public void A_long_rest_saves_up_no_more_than_the_burst()
    {
        CommandRate rate = new(_time);
        _time.Advance(TimeSpan.FromDays(1));

        Assert.Equal(CommandRate.Burst, Enumerable.Range(0, 100).Count(_ => rate.TryTake()));
    }

    [Fact]
    public void A_refusal_says_what_is_taken() => Assert.Equal(
        """{"status":429,"detail":"More commands came than this device takes: 10 at once and 2 a second."}""", Encoding.UTF8.GetString(CommandRate.Refusal.Payload.Span));
}
