using InstantNet.Generation.Search;

namespace InstantNet.Tests.Unit.Generation.Search;

public class TargetSpanTests
{
    [Theory]
    [InlineData("1.2e6-1.4e6", 1.2e6, 1.4e6, false)]
    [InlineData("3e-10-4e-10", 3e-10, 4e-10, false)]
    [InlineData("40%-50%", 40, 50, true)]
    public void A_span_is_two_numbers_or_two_percentages(string text, double low, double high, bool percent) =>
        Assert.Equal(new TargetSpan(low, high, percent), TargetSpan.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("-5")]
    [InlineData("5-")]
    [InlineData("6-5")]
    [InlineData("5-5")]
    [InlineData("40%-50")]
    [InlineData("a-b")]
    [InlineData("1-NaN")]
    public void Anything_else_is_refused_with_what_is_accepted(string text) =>
        Assert.Contains("LOW-HIGH is accepted", Assert.Throws<ArgumentException>(() => TargetSpan.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Percent_are_of_the_dearest_network_and_squared_where_the_cost_is_a_product_of_two()
    {
        CostTable one = SomeSpace.Costs(0, 2, 1, 5), two = new("EDP", "J·s", [one.Factors[0], one.Factors[0]]);

        Assert.Equal(new TargetBand(4, 5), TargetSpan.Default.On(one));
        Assert.Equal(16, TargetSpan.Default.On(two).Low, 9);
        Assert.Equal(25, TargetSpan.Default.On(two).High, 9);
    }

    [Fact]
    public void A_band_that_no_network_lies_in_is_refused_with_the_ends_of_the_space() =>
        Assert.Contains(
            "the cheapest costs 2, the dearest 10",
            Assert.Throws<ArgumentException>(() => TargetSpan.Parse("11-12").On(SomeSpace.Costs(0, 2, 1, 5))).Message, StringComparison.Ordinal);
}
