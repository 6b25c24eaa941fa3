using InstantNet.Generation.Mapping;

namespace InstantNet.Tests.Unit.Generation.Mapping;

public class MacArrayTests
{
    [Theory]
    [InlineData(MacRule.Fixed, 4, 4, 1, 2.0)]
    [InlineData(MacRule.BitFusion, 16, 16, 1, 2.0)]
    [InlineData(MacRule.BitFusion, 8, 8, 4, 0.5)]
    [InlineData(MacRule.BitFusion, 4, 8, 8, 0.25)]
    [InlineData(MacRule.BitFusion, 5, 5, 4, 0.5)] // runs as 8 bits: the bricks know no 5
    [InlineData(MacRule.BitFusion, 2, 2, 64, 0.03125)]
    [InlineData(MacRule.BitSerial, 16, 4, 4, 0.5)] // only the input is serial
    [InlineData(MacRule.BitSerial, 4, 16, 1, 2.0)]
    [InlineData(MacRule.BitFusion, 32, 8, 0.25, 10.0)] // float: the class's own factors
    [InlineData(MacRule.Fixed, 8, 32, 0.25, 10.0)]
    public void Narrow_operands_bring_throughput_and_energy_by_the_rule(MacRule rule, int weights, int inputs, double macsPerCycle, double picojoules)
    {
        MacArray macs = new()
        {
            Columns = 1, Rows = 1, PicojoulesPerMac = 2, Rule = rule, OperandWidths = [2, 4, 8, 16], FloatEnergyFactor = 5, FloatMacsPerCycle = 0.25,
        };
        OperandBits bits = new(weights, inputs, 16, 16);

        Assert.Equal(macsPerCycle, macs.MacsPerCycle(bits));
        Assert.Equal(picojoules, macs.PicojoulesAt(bits));
    }
}
