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

    [Theory]
    [InlineData("conv1", 8, 4)]
    [InlineData("conv2", 4, 4)]
    [InlineData("fc6", 4, 4)]
    [InlineData("fc7", 4, 8)] // the classifier reads it
    [InlineData("fc8", 8, 32)]
    public void Hidden_fully_connected_layers_run_at_the_bits_of_the_precision(string layer, int weights, int outputs)
    {
        NetSpec net = NetCatalog.Build("alexnet");

        Assert.Equal(weights, BitPlan.Weights(net.Layers.Single(l => l.Name == layer), new Precision(4)));
        Assert.Equal(outputs, BitPlan.Activation(net, layer, new Precision(4)));
        Assert.Equal(4, BitPlan.Activation(net, "pool5", new Precision(4)));
    }

    [Theory]
    [InlineData("pool1", false)]
    [InlineData("l2.1.second", true)]
    [InlineData("l2.1.shortcut", true)]
    [InlineData("l2.1.add", false)]
    [InlineData("pool", false)]
    public void Only_what_no_relu_follows_is_signed(string tensor, bool isSigned) => Assert.Equal(isSigned, BitPlan.IsSigned(NetCatalog.Build("resnet18"), tensor));

    [Fact]
    public void Leaves_nothing_quantised_at_32_bits() =>
        Assert.All(Net.Layers, layer => Assert.Equal(32, BitPlan.Activation(Net, layer.Name, Precision.Full)));
}
