using InstantNet.Generation.Mapping.Reports;

namespace InstantNet.Tests.Unit.Generation.Mapping.Reports;

public class QuantityTests
{
    [Theory]
    [InlineData(1.98e-5, "J", "19.8 µJ")]
    [InlineData(8.126e-10, "J·s", "813 pJ·s")]
    [InlineData(1.606e-3, "s", "1.61 ms")]
    [InlineData(9.997e-4, "s", "1.00 ms")]      // rounds into the next prefix
    [InlineData(9.994e-4, "s", "999 µs")]
    [InlineData(1, "J", "1.00 J")]
    [InlineData(-2.5e-3, "J", "-2.50 mJ")]
    [InlineData(0, "J", "0 J")]
    [InlineData(24390, "", "24.4 k")]
    [InlineData(612, "", "612")]
    [InlineData(3e-21, "J", "0.00300 aJ")]      // below the least prefix
    [InlineData(1.2345e17, "", "123000 T")]
    [InlineData(double.NaN, "J", "–")]
    [InlineData(double.PositiveInfinity, "J", "–")]
    public void Three_digits_and_a_scaled_unit(double value, string unit, string expected) => Assert.Equal(expected, Quantity.Of(value, unit));

    [Theory]
    [InlineData(25, "25")]
    [InlineData(999, "999")]
    [InlineData(1234, "1.23 k")]
    [InlineData(12.5, "12.5")]
    [InlineData(double.PositiveInfinity, "–")]
    public void Small_counts_are_exact(double value, string expected) => Assert.Equal(expected, Quantity.Count(value));

    [Theory]
    [InlineData(1.678, "1.68×")]
    [InlineData(0.0456, "0.0456×")]
    [InlineData(1234, "1230×")]
    [InlineData(double.NegativeInfinity, "–")]
    public void A_quotient_is_a_multiple(double value, string expected) => Assert.Equal(expected, Quantity.Ratio(value));

    [Fact]
    public void A_part_is_a_percentage() => Assert.Equal("38.2 %", Quantity.Share(0.38216));

    [Theory]
    [InlineData(5e-8, "50 nJ")]
    [InlineData(1e-6, "1 µJ")]
    [InlineData(1.5e-3, "1.5 mJ")]
    [InlineData(3 * 0.1, "300 mJ")]             // 0.30000000000000004
    public void A_tick_has_no_more_digits_than_it_needs(double value, string expected) => Assert.Equal(expected, Quantity.Tick(value, "J"));
}
