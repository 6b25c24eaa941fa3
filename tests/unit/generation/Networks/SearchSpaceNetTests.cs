using InstantNet.Generation.Mapping.Network;
using InstantNet.Generation.Networks;

namespace InstantNet.Tests.Unit.Generation.Networks;

public class SearchSpaceNetTests
{
    private static readonly TensorShape Cifar = new(3, 32, 32);

    // The authors' figures, to the digits they state: 31.3M/1.157M, 75.8M/2.110M, 142.6M/3.539M, 160.9M/3.702M. Parameters are the weights of
    // convolutions and classifier; batch norms (one per precision) and the classifier's bias are not counted.
    // The authors state none for two groups: there each 1x1 convolution of a block costs and holds half of what it does at k_e1.
    [Theory]
    [InlineData(3, 1, 21_051_008, 926_096, 2)]
    [InlineData(5, 1, 24_102_528, 953_232, 2)]
    [InlineData(3, 1, 31_322_240, 1_156_688)]
    [InlineData(5, 1, 34_373_760, 1_183_824)]
    [InlineData(3, 3, 75_840_128, 2_109_584)]
    [InlineData(5, 3, 84_994_688, 2_190_992)]
    [InlineData(3, 6, 142_616_960, 3_538_928)]
    [InlineData(5, 6, 160_926_080, 3_701_744)]
    public void Uniform_networks_multiply_and_hold_what_the_paper_says(int kernel, int expansion, long multiplyAccumulates, long weights, int groups = 1)
    {
        NetSpec net = SearchSpaceNet.Uniform(new BlockChoice(kernel, expansion, groups), Cifar, 100);

        Assert.Equal((multiplyAccumulates, weights), (net.MultiplyAccumulates, Weights(net)));
        Assert.Equal(1 + (22 * 3) + 1, net.Layers.OfType<ConvSpec>().Count());
        Assert.Equal(16, net.Layers.OfType<AddSpec>().Count());
    }

    // 11.6M/0.778M: here the authors' figure counts the six batch norms of the skipping convolutions as well.
    [Fact]
    public void Skips_leave_one_convolution_where_the_shape_changes_and_nothing_elsewhere()
    {
        NetSpec net = SearchSpaceNet.Build("skips", Cifar, 100, SearchSpaceFrame.Thumbnails, [.. Enumerable.Repeat(BlockChoice.Skip, 22)]);

        ConvSpec[] skips = [.. net.Layers.OfType<ConvSpec>().Where(c => c.Name.EndsWith(".skip", StringComparison.Ordinal))];
        Assert.Equal(["b1.skip", "b5.skip", "b9.skip", "b13.skip", "b17.skip", "b21.skip"], skips.Select(c => c.Name));
        Assert.Equal((11_608_960, 775_984), (net.MultiplyAccumulates, Weights(net)));
        Assert.Equal(777_520, Weights(net) + skips.Sum(c => 2 * c.OutChannels));
    }

    [Theory]
    [InlineData(28, 4)]
    [InlineData(32, 4)]
    [InlineData(224, 7)]
    public void Images_end_as_few_positions(int side, int left) =>
        Assert.Equal(new TensorShape(1504, left, left), SearchSpaceNet.Uniform(new(3, 3), new TensorShape(1, side, side), 10).ShapeOf("header"));

    [Fact]
    public void Every_layer_has_its_own_choice()
    {
        SearchSpaceFrame frame = new(8, 2, [new(2, 8, 1), new(1, 12, 2)], 24);

        NetSpec net = SearchSpaceNet.Build("mixed", new TensorShape(1, 12, 12), 4, frame, [new(5, 1), BlockChoice.Skip, new(3, 6)]);

        Assert.Equal(
            ["stem", "b0.expand", "b0.depthwise", "b0.project", "b0.add", "b2.expand", "b2.depthwise", "b2.project", "header", "pool", "logits"],
            net.Layers.Select(l => l.Name));
        Assert.Equal("Depthwise of 5, then of 3", $"Depthwise of {Kernel("b0")}, then of {Kernel("b2")}");
        Assert.Equal(48, net.ShapeOf("b2.depthwise").Channels);

        int Kernel(string block) => net.Layers.OfType<ConvSpec>().Single(c => c.Name == $"{block}.depthwise").Kernel;
    }

    [Fact]
    public void What_the_space_does_not_hold_is_refused()
    {
        Assert.Contains("k7_e3", Assert.Throws<ArgumentException>(() => new BlockChoice(7, 3)).Message, StringComparison.Ordinal);
        Assert.Contains("k3_e4", Assert.Throws<ArgumentException>(() => new BlockChoice(3, 4)).Message, StringComparison.Ordinal);
        Assert.Contains("k3_e3_g2", Assert.Throws<ArgumentException>(() => new BlockChoice(3, 3, 2)).Message, StringComparison.Ordinal);
        Assert.Contains("k3_e1_g3", Assert.Throws<ArgumentException>(() => new BlockChoice(3, 1, 3)).Message, StringComparison.Ordinal);
        Assert.Contains("22 layers", Assert.Throws<ArgumentException>(() =>
            SearchSpaceNet.Build("short", Cifar, 10, SearchSpaceFrame.Thumbnails, [BlockChoice.Skip])).Message, StringComparison.Ordinal);
    }

    // 8 to 12 channels on 6x6 in two groups. Expand: each of 8 channels reads 4. Depthwise: 9 each. Project: each of 12 reads 4.
    [Fact]
    public void A_block_in_two_groups_multiplies_and_holds_what_a_pencil_says()
    {
        NetSpec net = SearchSpaceNet.Build(
            "block", new TensorShape(1, 6, 6), 2, new SearchSpaceFrame(8, 1, [new(1, 12, 2)], 4), [new BlockChoice(3, 1, 2)]);

        Assert.Equal(
            ["stem", "b0.expand", "b0.shuffle", "b0.depthwise", "b0.project", "header", "pool", "logits"], net.Layers.Select(l => l.Name));
        Assert.Equal([8 * 4 * 36, 0, 8 * 9 * 9, 12 * 4 * 9], net.Layers.Skip(1).Take(4).Select(net.MacsOf));
        Assert.Equal([8 * 4, 8 * 9, 12 * 4], net.Layers.OfType<ConvSpec>().Skip(1).Take(3).Select(c => c.WeightCount));
        Assert.Equal(["stem", "b0.expand", "b0.depthwise", "b0.project", "header", "logits"], LayerWorkload.MappedLayers(net).Select(l => l.Name));
    }

    [Fact]
    public void Every_layer_has_nine_choices() =>
        Assert.Equal(
            ["k3_e1_g2", "k5_e1_g2", "k3_e1", "k5_e1", "k3_e3", "k5_e3", "k3_e6", "k5_e6", "skip"],
            BlockChoice.Blocks.Append(BlockChoice.Skip).Select(c => c.ToString()));

    [Fact]
    public void An_odd_number_of_channels_is_not_split_in_two() =>
        Assert.Equal(
            "Layer 'b0.expand' turns 7 channels into 7 in 2 groups: a divisor of both is accepted.",
            Assert.Throws<ArgumentException>(() => SearchSpaceNet.Build(
                "odd", Cifar, 10, new SearchSpaceFrame(7, 1, [new(1, 8, 1)], 4), [new BlockChoice(3, 1, 2)])).Message);

    private static long Weights(NetSpec net) => net.Layers.Sum(layer => layer switch
    {
        ConvSpec c => c.WeightCount,
        LinearSpec l => (long)l.InFeatures * l.OutFeatures,
        _ => 0,
    });
}
