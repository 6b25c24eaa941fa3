using InstantNet.Generation.Training;

namespace InstantNet.Tests.Unit.Generation.Training;

public class LearningRateScheduleTests
{
    private readonly LearningRateSchedule _schedule = new(Peak: 0.4, WarmUp: 0.25, StartFraction: 0.1, EndFraction: 0.01);

    [Theory]
    [InlineData(0, 0.04)]
    [InlineData(10, 0.184)] // 40 % of the way from 0.04 to 0.4
    [InlineData(25, 0.4)]
    [InlineData(50, 0.301)] // a third of half a cosine: (1 + cos 60°) / 2 = 3/4 between 0.004 and 0.4
    [InlineData(100, 0.004)]
    public void Rises_in_a_line_and_falls_in_half_a_cosine(int step, double expected)
    {
        Assert.Equal(expected, _schedule.At(step, 100), 1e-9);
    }

    [Fact]
    public void Without_warm_up_it_starts_at_the_peak()
    {
        Assert.Equal(0.4, (_schedule with { WarmUp = 0 }).At(0, 100));
    }

    [Fact]
    public void A_run_of_warm_up_only_never_exceeds_the_peak()
    {
        Assert.All(Enumerable.Range(0, 10), step => Assert.InRange((_schedule with { WarmUp = 1 }).At(step, 10), 0.04 - 1e-9, 0.4));
    }
}
