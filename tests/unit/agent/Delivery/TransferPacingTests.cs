using InstantNet.Agent.Delivery;
using InstantNet.Tests.Unit.Agent.Link;

namespace InstantNet.Tests.Unit.Agent.Delivery;

public class TransferPacingTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Lets_a_second_s_worth_through_at_once_and_then_keeps_the_rate()
    {
        TransferPacing pacing = new(1000, _time);

        Assert.Equal(TimeSpan.Zero, pacing.Take(1000));
        Assert.Equal(TimeSpan.FromSeconds(0.5), pacing.Take(500));
        Assert.Equal(TimeSpan.FromSeconds(1), pacing.Take(500));
    }

    [Fact]
    public void Saves_no_more_than_a_second_s_worth_while_idle()
    {
        TransferPacing pacing = new(1000, _time);
        pacing.Take(1000);

        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(TimeSpan.Zero, pacing.Take(1000));
        Assert.Equal(TimeSpan.FromSeconds(1), pacing.Take(1000));
    }

    [Fact]
    public void Zero_means_no_limit()
    {
        TransferPacing pacing = new(0, _time);

        Assert.Equal(TimeSpan.Zero, pacing.Take(int.MaxValue));
        Assert.Equal(TimeSpan.Zero, pacing.Take(int.MaxValue));
    }
}
