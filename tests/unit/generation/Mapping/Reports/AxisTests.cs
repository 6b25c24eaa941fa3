using InstantNet.Generation.Mapping.Reports;

namespace InstantNet.Tests.Unit.Generation.Mapping.Reports;

public class AxisTests
{
    [Theory]
    [InlineData(7.3, 4, new[] { 0.0, 2, 4, 6, 8 })]        // 7.3 / 4 = 1.8, the next of 1, 2, 5 is 2
    [InlineData(10, 5, new[] { 0.0, 2, 4, 6, 8, 10 })]     // ends at the greatest value when that is a tick
    [InlineData(0.0021, 5, new[] { 0, 0.0005, 0.001, 0.0015, 0.002, 0.0025 })]
    [InlineData(140, 8, new[] { 0.0, 20, 40, 60, 80, 100, 120, 140 })]
    public void Linear_ticks_are_round_and_reach_the_greatest_value(double greatest, int intervals, double[] expected) =>
        AssertClose(expected, Axis.Linear(greatest, 0, 100, intervals).Ticks);

    [Theory]
    [InlineData(0.0)]
    [InlineData(-3.0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_linear_axis_without_a_value_ends_at_one(double greatest) => Assert.Equal(1, Axis.Linear(greatest, 0, 100, 4).Ticks[^1], 12);

    [Theory]
    [InlineData(new[] { 1.0, 10000 }, new[] { 1.0, 10, 100, 1000, 10000 })]
    [InlineData(new[] { 0.9, 40 }, new[] { 1.0, 2, 5, 10, 20, 50 })]           // margin 40/0.9^0.06 = 1.26: 0.72 to 50.3
    [InlineData(new[] { 700.0, 2000 }, new[] { 700.0, 1000, 1500, 2000 })]     // margin 1.065: 657 to 2130
    [InlineData(new[] { 1.0, 1.1 }, new[] { 0.95, 1, 1.05, 1.1, 1.15 })]       // margin 1.06: 0.943 to 1.166, too narrow for multiples
    public void Logarithmic_ticks_are_as_coarse_as_four_of_them_allow(double[] values, double[] expected) =>
        AssertClose(expected, Axis.Logarithmic(values, 0, 100).Ticks);

    [Fact]
    public void Equal_quotients_are_equally_long_on_a_logarithmic_axis()
    {
        Axis axis = Axis.Logarithmic([1, 100], 300, 0);

        Assert.Equal(150, axis.At(10), 9);
        Assert.Equal(axis.At(1) - axis.At(10), axis.At(10) - axis.At(100), 9);
        Assert.True(axis.At(1) < 300 && axis.At(100) > 0, "the ends keep a margin");
    }

    [Fact]
    public void A_lone_value_lies_in_the_middle() => Assert.Equal(50, Axis.Logarithmic([3e-9], 0, 100).At(3e-9), 9);

    [Theory]
    [InlineData(0.0, 10)]
    [InlineData(-1.0, 10)]
    [InlineData(double.NaN, 10)]
    [InlineData(double.PositiveInfinity, 90)]
    public void A_value_that_has_no_place_lies_at_an_end(double value, double expected)
    {
        Assert.Equal(expected, Axis.Logarithmic([1, 10, double.NaN, 0], 10, 90).At(value));
        Assert.Equal(expected, Axis.Linear(5, 10, 90, 5).At(value));
    }

    [Fact]
    public void Nothing_to_show_and_the_whole_range_of_doubles_still_make_an_axis()
    {
        Assert.NotEmpty(Axis.Logarithmic([], 0, 100).Ticks);
        Assert.Equal(50, Axis.Logarithmic([1e-300, 1e300], 0, 100).At(1), 6);
    }

    private static void AssertClose(double[] expected, IReadOnlyList<double> actual)
    {
        Assert.Equal(expected.Length, actual.Count);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, Math.Abs(pair.First) * 1e-9));
    }
}
