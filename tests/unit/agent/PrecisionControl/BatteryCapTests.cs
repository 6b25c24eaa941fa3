using InstantNet.Agent.PrecisionControl;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;

namespace InstantNet.Tests.Unit.Agent.PrecisionControl;

public class BatteryCapTests
{
    private static readonly BatteryBand[] Bands = [new(50, new Precision(8)), new(20, new Precision(4))];

    [Theory]
    [InlineData(100.0, 32)]
    [InlineData(50.0, 32)] // "below" does not include the bound
    [InlineData(49.9, 8)]
    [InlineData(19.9, 4)]
    [InlineData(null, 32)]
    public void The_tightest_band_above_the_level_holds(double? pct, int expectedBits) =>
        Assert.Equal(expectedBits, BatteryCap.At(Bands, pct, 0).Bits);

    [Theory]
    [InlineData(4, 22.9, 4)] // not yet 3 points above the band
    [InlineData(4, 23.0, 8)]
    [InlineData(4, 51.0, 8)] // clear of one band, not of the other
    [InlineData(4, 53.0, 32)]
    [InlineData(32, 52.0, 32)] // the margin holds a cap, it does not make one
    [InlineData(32, 10.0, 4)] // down at once
    public void A_cap_is_lifted_only_clear_of_its_band(int inForce, double pct, int expectedBits) =>
        Assert.Equal(expectedBits, BatteryCap.Next(Bands, pct, marginPct: 3, new Precision(inForce)).Bits);
}
