using InstantNet.Controller.Rollouts;

namespace InstantNet.Tests.Unit.Controller.Rollouts;

public class WavePlanTests
{
    [Fact]
    public void Reaches_at_least_one_device_in_the_first_wave_and_all_by_the_last()
    {
        double[] shares = [0.01, 0.1, 1];

        int[] waves = Enumerable.Range(0, 50).Select(position => WavePlan.WaveOf(position, 50, shares)).ToArray();

        Assert.Equal([1, 4, 45], waves.GroupBy(w => w).OrderBy(g => g.Key).Select(g => g.Count()));
    }

    [Fact]
    public void One_wave_holds_everybody() =>
        Assert.All(Enumerable.Range(0, 7), position => Assert.Equal(0, WavePlan.WaveOf(position, 7, [1.0])));

    [Theory]
    [InlineData(new double[0])]
    [InlineData(new[] { 0.5 })]
    [InlineData(new[] { 0.0, 1 })]
    [InlineData(new[] { 0.5, 0.5, 1 })]
    [InlineData(new[] { 0.5, double.NaN, 1 })]
    [InlineData(new[] { 1.0, 2 })]
    public void Refuses_shares_that_do_not_rise_to_one(double[] shares) => Assert.NotNull(WavePlan.Fault(shares));
}
