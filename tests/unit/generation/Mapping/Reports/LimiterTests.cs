using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Accounting;
using InstantNet.Generation.Mapping.Reports;

namespace InstantNet.Tests.Unit.Generation.Mapping.Reports;

public class LimiterTests
{
    private static CostBreakdown Cycles(long units, long dram, long buffer) =>
        new(0, units, [new("DRAM", 0, 0, 0, 0, dram), new("Buffer", 0, 0, 0, 0, buffer)]);

    [Theory]
    [InlineData(100, 100, 100, null)]       // levels that keep up are told with the units' own cycles
    [InlineData(100, 150, 120, "DRAM")]
    [InlineData(100, 100, 120, "Buffer")]
    [InlineData(100, 120, 120, "DRAM")]     // the outermost of equal ones
    public void The_level_with_the_most_cycles_above_the_units_limits_a_layer(long units, long dram, long buffer, string? expected) =>
        Assert.Equal(expected, Limiter.LevelOf(Cycles(units, dram, buffer)));
}
