using InstantNet.Bench.Agents;

namespace InstantNet.Tests.Unit.Bench.Agents;

public class AgentResultTests
{
    [Theory]
    [InlineData(3, null, true)]
    [InlineData(3.01, null, false)]
    [InlineData(double.NaN, null, false)]
    public void A_figure_meets_a_target_that_it_does_not_exceed(double value, double? atLeast, bool met) =>
        Assert.Equal(met, new Figure("x", value, "ms", AtMost: 3, AtLeast: atLeast).Met);

    [Theory]
    [InlineData(1.5, true)]
    [InlineData(1.49, false)]
    public void A_figure_meets_a_target_that_it_reaches(double value, bool met) => Assert.Equal(met, new Figure("x", value, "times", AtLeast: 1.5).Met);

    [Fact]
    public void A_figure_without_target_meets_none() => Assert.Null(new Figure("x", 1, "ms").Met);

    [Theory]
    [InlineData(0.5, 50)]
    [InlineData(0.99, 99)]
    [InlineData(1, 100)]
    [InlineData(0, 1)]
    public void A_percentile_is_the_nearest_rank(double share, double expected)
    {
        Samples samples = new(200);
        foreach (int value in Enumerable.Range(1, 100).OrderBy(v => v * 37 % 101))
            samples.Add(value);

        Assert.Equal(expected, samples.Percentile(share));
    }
}
