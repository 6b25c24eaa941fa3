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
    [InlineData(MacRule.Packed, 16, 16, 1, 2.0)]
    [InlineData(MacRule.Packed, 8, 8, 2, 1.0)]
    [InlineData(MacRule.Packed, 4, 4, 4, 0.5)]
    [InlineData(MacRule.Packed, 4, 8, 2, 1.0)] // the wider operand decides
    [InlineData(MacRule.Packed, 9, 2, 1, 2.0)]
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

    [Theory]
    [InlineData(MacRule.Fixed)]
    [InlineData(MacRule.BitFusion)]
    [InlineData(MacRule.BitSerial)]
    [InlineData(MacRule.Packed)]
    public void A_bit_less_never_costs_energy_nor_throughput(MacRule rule)
    {
        MacArray macs = new()
        {
            Columns = 1, Rows = 1, PicojoulesPerMac = 2, Rule = rule, OperandWidths = [4, 8, 16], FloatEnergyFactor = 5, FloatMacsPerCycle = 0.25,
        };
        for (int weights = 1; weights <= 32; weights++)
        {
            for (int inputs = 1; inputs <= 32; inputs++)
            {
                OperandBits bits = new(weights, inputs, 8, 32);
                foreach (OperandBits more in (OperandBits[])[bits with { Weights = weights + 1 }, bits with { Inputs = inputs + 1 }])
                {
                    Assert.True(macs.PicojoulesAt(bits) <= macs.PicojoulesAt(more));
                    Assert.True(macs.MacsPerCycle(bits) >= macs.MacsPerCycle(more));
                }
            }
        }
    }
}
