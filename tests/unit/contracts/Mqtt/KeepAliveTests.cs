using InstantNet.Contracts.Mqtt.Wire;

namespace InstantNet.Tests.Unit.Contracts.Mqtt;

public class KeepAliveTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    [Fact]
    public void A_silent_connection_pings_within_its_interval_and_gives_up_before_one_and_a_half()
    {
        var keepAlive = new KeepAlive(Interval, TimeSpan.Zero);
        List<(int Second, KeepAliveAction Action)> actions =
            [.. Enumerable.Range(1, 45).Select(second => (second, keepAlive.Decide(TimeSpan.FromSeconds(second), sent: false, heard: false)))];

        Assert.Equal((23, KeepAliveAction.Ping), actions.First(a => a.Action != KeepAliveAction.None));
        Assert.Equal(38, actions.First(a => a.Action == KeepAliveAction.GiveUp).Second);
    }

    [Fact]
    public void A_busy_sender_that_hears_nothing_still_finds_out()
    {
        var keepAlive = new KeepAlive(Interval, TimeSpan.Zero);
        KeepAliveAction[] actions =
            [.. Enumerable.Range(1, 40).Select(second => keepAlive.Decide(TimeSpan.FromSeconds(second), sent: true, heard: false))];

        Assert.Contains(KeepAliveAction.Ping, actions);
        Assert.Contains(KeepAliveAction.GiveUp, actions);
    }

    [Fact]
    public void An_answered_connection_never_gives_up()
    {
        var keepAlive = new KeepAlive(Interval, TimeSpan.Zero);
        bool pinged = false;
        int pings = 0;
        for (int second = 1; second <= 600; second++)
        {
            KeepAliveAction action = keepAlive.Decide(TimeSpan.FromSeconds(second), sent: false, heard: pinged);
            Assert.NotEqual(KeepAliveAction.GiveUp, action);
            pinged = action == KeepAliveAction.Ping;
            pings += pinged ? 1 : 0;
        }
        Assert.InRange(pings, 20, 27);
    }

    [Fact]
    public void Zero_switches_it_off()
    {
        var keepAlive = new KeepAlive(TimeSpan.Zero, TimeSpan.Zero);
        Assert.Equal(KeepAliveAction.None, keepAlive.Decide(TimeSpan.FromDays(1), sent: false, heard: false));
    }
}
