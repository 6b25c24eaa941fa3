using InstantNet.Agent.Inference;

namespace InstantNet.Tests.Unit.Agent.Inference;

public class FramePaceTests
{
    private const long Second = 1_000_000;

    [Fact]
    public void Frames_are_due_at_their_rate_from_the_start_on()
    {
        FramePace pace = new(20, Second);
        pace.Restart(5 * Second);

        Assert.Equal((1, 0), Take(pace, 5 * Second));
        Assert.Equal((0, 0), Take(pace, 5 * Second + 49_000));
        Assert.Equal((1, 0), Take(pace, 5 * Second + 51_000));
        Assert.Equal((19, 0), Take(pace, 6 * Second + 1));
    }

    [Fact]
    public void A_hiccup_is_caught_up_and_only_what_is_beyond_the_backlog_is_dropped()
    {
        FramePace pace = new(20, Second);
        pace.Restart(0);
        Take(pace, 0);

        Assert.Equal((40, 0), Take(pace, 2 * Second + 1));
        Assert.Equal((40, 60), Take(pace, 7 * Second + 1));
    }

    [Fact]
    public void Every_due_frame_is_either_taken_or_dropped()
    {
        Random random = new(3);
        FramePace pace = new(33, Second);
        long now = 1000, taken = 0, dropped = 0;
        pace.Restart(now);
        for (int i = 0; i < 1000; i++)
        {
            now += random.NextInt64(4 * Second);
            (int t, long d) = Take(pace, now);
            (taken, dropped) = (taken + t, dropped + d);
        }

        Assert.Equal(1 + (long)((now - 1000) * (33.0 / Second)), taken + dropped);
        Assert.True(dropped > 0 && taken > dropped);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(1e9)]
    public void An_impossible_rate_is_refused(double framesPerSecond) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new FramePace(framesPerSecond, Second));

    private static (int Taken, long Dropped) Take(FramePace pace, long now)
    {
        int taken = 0;
        long dropped = 0;
        while (true)
        {
            bool due = pace.TryTake(now, out long lost);
            dropped += lost;
            if (!due)
                return (taken, dropped);
            taken++;
        }
    }
}
