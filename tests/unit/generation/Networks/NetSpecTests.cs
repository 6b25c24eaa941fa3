using InstantNet.Generation.Networks;
using InstantNet.Generation.Training;

namespace InstantNet.Tests.Unit.Generation.Networks;

public class NetSpecTests
{
    private static NetSpec With(int size, LayerSpec layer, int features) =>
        new("one", new TensorShape(2, size, size), [layer, new LinearSpec("logits", layer.Name, features, 3)]);

    [Theory]
    [InlineData(112, 3, 2, 1, 56)] // ResNet's
    [InlineData(55, 3, 2, 0, 27)] // AlexNet's, whose windows overlap
    [InlineData(56, 2, 2, 0, 28)]
    [InlineData(5, 2, 2, 0, 2)] // the last row and column fill no window
    public void Pooling_leaves_one_value_a_window(int size, int kernel, int stride, int padding, int left) =>
        Assert.Equal(new TensorShape(2, left, left), With(size, new MaxPoolSpec("pool", "x", kernel, stride, padding), 2 * left * left).ShapeOf("pool"));

    [Fact]
    public void A_convolution_keeps_the_image_size_unless_its_padding_says_otherwise()
    {
        ConvSpec layer = new("c", "x", 2, 1, 5, 1, 1, Relu: true);

        Assert.Equal(new TensorShape(1, 9, 9), With(9, layer, 81).ShapeOf("c"));
        Assert.Equal(new TensorShape(1, 5, 5), With(9, layer with { Padding = 0 }, 25).ShapeOf("c"));
        Assert.Equal(new TensorShape(1, 2, 2), With(9, layer with { Padding = 0, Stride = 4 }, 4).ShapeOf("c"));
    }

    [Theory]
    [InlineData(3, 0, 0)] // stride
    [InlineData(3, 1, 2)] // padding
    [InlineData(0, 1, 0)] // kernel
    [InlineData(5, 1, 0)] // larger than the image
    public void Windows_that_do_not_fit_are_refused(int kernel, int stride, int padding)
    {
        ArgumentException fault = Assert.Throws<ArgumentException>(() => With(4, new MaxPoolSpec("pool", "x", kernel, stride, padding), 8));

        Assert.StartsWith("Layer 'pool' has", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shuffle_keeps_shape_sign_and_bits_and_costs_nothing_to_multiply()
    {
        NetSpec net = new("one", new TensorShape(2, 3, 3),
        [
            new ConvSpec("signed", "x", 2, 6, 1, 1, 2, Relu: false),
            new ShuffleSpec("shuffle", "signed", 2),
            new LinearSpec("logits", "shuffle", 54, 3),
        ]);

        Assert.Equal(net.ShapeOf("signed"), net.ShapeOf("shuffle"));
        Assert.True(BitPlan.IsSigned(net, "shuffle"));
        Assert.Equal((8, 8), (BitPlan.Activation(net, "signed", new(4)), BitPlan.Activation(net, "shuffle", new(4))));
        Assert.Equal(6 * 9 + 54 * 3, net.MultiplyAccumulates);
        Assert.Equal([0, 3, 1, 4, 2, 5], new ShuffleSpec("s", "x", 2).Order(6));
        Assert.Equal([0, 2, 4, 1, 3, 5], new ShuffleSpec("s", "x", 3).Order(6));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1)]
    [InlineData(0)]
    public void A_shuffle_of_groups_that_do_not_divide_the_channels_is_refused(int groups)
    {
        ArgumentException fault = Assert.Throws<ArgumentException>(() => new NetSpec("one", new TensorShape(3, 2, 2), [new ShuffleSpec("late", "x", groups)]));

        Assert.Equal($"Layer 'late' shuffles 3 channels in {groups} groups: 2 or more that divide the channels are accepted.", fault.Message);
    }

    [Fact]
    public void A_fully_connected_layer_reads_all_values_of_an_image()
    {
        NetSpec net = With(3, new DenseSpec("hidden", "x", 18, 7), 7);

        Assert.Equal(18 * 7 + 7 * 3, net.MultiplyAccumulates);
        Assert.Throws<ArgumentException>(() => With(3, new DenseSpec("hidden", "x", 17, 7), 7));
    }

    public static TheoryData<LayerSpec> Untrained =>
    [
        new ShuffleSpec("late", "x", 2), new MaxPoolSpec("late", "x", 1, 1), new AveragePoolSpec("late", "x", 1, 1), new DenseSpec("late", "x", 8, 8),
        new AddSpec("late", "x", "x", Relu: true) { Ceiling = 6 },
        new ConvSpec("late", "x", 2, 2, 1, 1, 1, Relu: true) { Ceiling = 6 },
    ];

    [Theory]
    [MemberData(nameof(Untrained))]
    public void What_cannot_be_trained_yet_is_refused_by_name(LayerSpec layer)
    {
        NetSpec net = With(2, layer, 8);

        Assert.Contains("'late'", Assert.Throws<ArgumentException>(() => new SwitchableNet(net, [new(8)], new Random(1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_normalisation_of_other_channels_is_refused() =>
        Assert.Throws<ArgumentException>(() => new NetSpec("one", new TensorShape(2, 1, 1), [new LinearSpec("logits", "x", 2, 3)]) { Normalization = new([0.5f], [2]) });
}
