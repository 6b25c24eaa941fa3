using InstantNet.Contracts;
using InstantNet.Generation.Networks;

namespace InstantNet.Tests.Unit.Generation.Networks;

public class BitPlanTests
{
    private static readonly NetSpec Net = MobileNet.Small(new TensorShape(1, 28, 28), 10);

    [Theory]
    [InlineData("x", 8)]
    [InlineData("stem", 4)]
    [InlineData("b1.depthwise", 4)]
    [InlineData("b1.project", 4)]
    [InlineData("b1.add", 4)]
    [InlineData("header", 4)]
    [InlineData("pool", 8)]
    [InlineData("logits", 32)]
    public void Holds_every_tensor_in_four_bits_but_the_image_and_what_the_classifier_reads(string tensor, int bits) =>
        Assert.Equal(bits, BitPlan.Activation(Net, tensor, new Precision(4)));

    [Fact]
    public void Multiplies_by_four_bits_everywhere_but_at_the_edges() => Assert.All(
        Net.Layers.Where(l => l is ConvSpec or LinearSpec),
        layer => Assert.Equal(layer is LinearSpec or ConvSpec { Edge: true } ? 8 : 4, BitPlan.Weights(layer, new Precision(4))));

    [Fact]
    public void Leaves_nothing_quantised_at_32_bits() =>
        Assert.All(Net.Layers, layer => Assert.Equal(32, BitPlan.Activation(Net, layer.Name, Precision.Full)));
}
