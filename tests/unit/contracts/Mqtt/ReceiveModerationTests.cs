using InstantNet.Contracts.Mqtt.Wire;

namespace InstantNet.Tests.Unit.Contracts.Mqtt;

public class ReceiveModerationTests
{
    private readonly ReceiveModeration _moderation = new();
    private TimeSpan _now = TimeSpan.FromSeconds(1);

    [Fact]
    public void Lets_a_stream_of_single_messages_gather_after_one_window() =>
        Assert.Equal(ReceiveModeration.Window, TimeUntilItBegins(perPeriod: 25));

    [Theory]
    [InlineData(1)]
    [InlineData(ReceiveModeration.LeastReceives / 2)]
    public void Leaves_a_slow_connection_alone(int perPeriod) => Assert.Null(TimeUntilItBegins(perPeriod));

    [Fact]
    public void Leaves_messages_alone_that_come_in_heaps_anyway()
    {
        for (int i = 0; i < 1000; i++)
        {
            _now += ReceiveModeration.Period;
            Assert.False(_moderation.BeginsAt(_now, messages: 200));
        }
    }

    [Fact]
    public void Lasts_while_the_stream_does_and_begins_again_with_the_next()
    {
        const int rate = 2 * ReceiveModeration.LeastReceives;
        TimeUntilItBegins(rate);

        Assert.True(Lasts(rate, periods: 1000));
        Assert.False(Lasts(perPeriod: 0, periods: 16));
        Assert.True(TimeUntilItBegins(rate) <= 2 * ReceiveModeration.Window);
    }

    [Fact]
    public void Does_not_take_what_still_gathers_in_the_first_window_for_a_slower_stream()
    {
        const int rate = 2 * ReceiveModeration.LeastReceives;
        TimeUntilItBegins(rate);

        Assert.True(Lasts(perPeriod: 0, periods: 1));
        Assert.True(Lasts(rate, periods: 7));
    }

    [Fact]
    public void Gives_way_to_a_sender_that_waits_for_answers_and_tries_ever_more_seldom()
    {
        // 25 round trips a period on their own, one when each is held back.
        List<TimeSpan> pauses = [];
        TimeSpan start = _now, moderated = TimeSpan.Zero;
        TimeUntilItBegins(perPeriod: 25);
        for (int i = 0; i < 20; i++)
        {
            TimeSpan began = _now;
            Assert.False(Lasts(perPeriod: 1, periods: 8));
            moderated += _now - began;
            pauses.Add(TimeUntilItBegins(perPeriod: 25)!.Value);
        }

        Assert.InRange(pauses[0], ReceiveModeration.FirstPause, ReceiveModeration.FirstPause + 2 * ReceiveModeration.Window);
        Assert.InRange(pauses[1], 2 * ReceiveModeration.FirstPause, 2 * ReceiveModeration.FirstPause + 2 * ReceiveModeration.Window);
        Assert.All(pauses, pause => Assert.True(pause <= ReceiveModeration.LongestPause + 2 * ReceiveModeration.Window));
        Assert.Equal(pauses.Order(), pauses);
        Assert.True(ReceiveModeration.Window / pauses[^1] < 0.001);
        Assert.True(moderated / (_now - start) < 0.01);
    }

    [Fact]
    public void An_attempt_that_paid_ends_the_pauses()
    {
        TimeUntilItBegins(perPeriod: 25);
        for (int i = 0; i < 6; i++)
        {
            Assert.False(Lasts(perPeriod: 1, periods: 8));
            TimeUntilItBegins(perPeriod: 25);
        }

        Assert.True(Lasts(perPeriod: 25, periods: 100));
        Assert.False(Lasts(perPeriod: 0, periods: 16));
        Assert.True(TimeUntilItBegins(perPeriod: 25) <= 2 * ReceiveModeration.Window);
    }

    /// <summary>Null when it does not begin within a minute.</summary>
    private TimeSpan? TimeUntilItBegins(int perPeriod)
    {
        TimeSpan start = _now;
        for (_moderation.BeginsAt(_now, 1); _now - start < TimeSpan.FromMinutes(1);)
        {
            _now += ReceiveModeration.Period / perPeriod;
            if (_moderation.BeginsAt(_now, messages: 1))
                return _now - start;
        }
        return null;
    }

    private bool Lasts(int perPeriod, int periods)
    {
        for (int i = 0; i < periods; i++)
        {
            _now += ReceiveModeration.Period;
            if (!_moderation.LastsAt(_now, perPeriod))
                return false;
        }
        return true;
    }
}
