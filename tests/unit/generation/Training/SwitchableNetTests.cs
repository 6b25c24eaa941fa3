using InstantNet.Contracts;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Training;

namespace InstantNet.Tests.Unit.Generation.Training;

public sealed class SwitchableNetTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly SwitchableNet _net = new(Tiny.Net, [new(2), new(4), new(8), new(12), new(16), new(20), new(24), Precision.Full], new Random(1));

    public void Dispose()
    {
        _net.Dispose();
        _scope.Dispose();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(12)]
    [InlineData(16)]
    [InlineData(24)]
    [InlineData(32)]
    public void Every_precision_scores_a_batch(int bits)
    {
        Tensor logits = _net.Forward(Images(6), new Precision(bits), ForwardMode.Inference);

        Assert.Equal([6, 4], logits.shape);
        Assert.All(logits.Elements<float>().ToArray(), v => Assert.True(float.IsFinite(v)));
    }

    [Fact]
    public void Above_22_bits_a_grid_would_be_finer_than_float_and_values_stay_as_they_are()
    {
        float[] at24 = Scores(24), at32 = Scores(32);

        Assert.Equal(at32, at24);
        Assert.NotEqual(at32, Scores(12));

        float[] Scores(int bits) => _net.Forward(Images(6), new Precision(bits), ForwardMode.Inference).Elements<float>().ToArray();
    }

    [Fact]
    public void A_convolution_pads_by_what_its_layer_says()
    {
        ConvSpec bare = new("bare", NetSpec.InputName, 1, 2, 3, 1, 1, Relu: true) { Padding = 0 };
        ConvSpec wide = bare with { Name = "wide", Kernel = 5, Padding = 1 };
        using SwitchableNet net = new(
            new NetSpec("equal", Tiny.Image, [bare, wide, new AddSpec("add", "bare", "wide"), new GlobalPoolSpec("pool", "add"), new LinearSpec("logits", "pool", 2, 4)]),
            [Precision.Full], new Random(1));

        // Both leave 10x10 of 12x12 and can be added only then.
        Assert.Equal([6, 4], net.Forward(Images(6), Precision.Full, ForwardMode.Inference).shape);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(32)]
    public void A_rectified_sum_is_never_negative_and_pooling_leaves_its_largest_values(int bits)
    {
        Precision precision = new(bits);
        ConvSpec conv = new("conv", NetSpec.InputName, 1, 1, 3, 1, 1, Relu: false);
        using SwitchableNet net = new(
            new NetSpec("rectified", Tiny.Image, [conv, new AddSpec("add", "conv", "conv", Relu: true), new MaxPoolSpec("largest", "add", 12, 12), new LinearSpec("logits", "largest", 1, 1)]),
            [precision], new Random(1));
        net.Weights[1].Elements<float>()[0] = 1;
        net.Forward(Images(6), precision, ForwardMode.FittingClips);
        net.NormOf(conv)[precision].Bias.Elements<float>()[0] = -100;

        Assert.Equal(new float[6], net.Forward(Images(6), precision, ForwardMode.Inference).Elements<float>().ToArray());

        net.NormOf(conv)[precision].Bias.Elements<float>()[0] = 100;
        float most = precision.IsFloat ? 200 : Clip(net.QuantizerOf(net.Spec.Layers[2]).Grids(precision).Made!.Value);
        Assert.All(net.Forward(Images(6), precision, ForwardMode.Inference).Elements<float>().ToArray(), v => Assert.Equal(most, v, 0.01f * most));

        static float Clip(ActivationQuantizer quantizer) => quantizer.Scale * quantizer.MaxCode;
    }

    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(32)]
    public void A_shuffle_is_the_one_made_by_hand_of_what_the_plain_network_scores(int bits)
    {
        Precision precision = new(bits);
        ConvSpec expand = new("expand", NetSpec.InputName, 1, 6, 3, 1, 1, Relu: true);
        ShuffleSpec shuffle = new("shuffle", "expand", 2);
        GlobalPoolSpec pool = new("pool", "shuffle");
        LinearSpec logits = new("logits", "pool", 6, 6);
        using SwitchableNet shuffled = new(new NetSpec("shuffled", Tiny.Image, [expand, shuffle, pool, logits]), [precision], new Random(1));
        using SwitchableNet plain = new(new NetSpec("plain", Tiny.Image, [expand, pool with { Input = "expand" }, logits]), [precision], new Random(1));
        foreach (SwitchableNet net in (SwitchableNet[])[shuffled, plain])
        {
            // A classifier that repeats what it reads.
            Span<float> rows = net.WeightsOf(net.Spec.Layers[^1]).Elements<float>();
            rows.Clear();
            for (int i = 0; i < logits.InFeatures; i++)
                rows[i * logits.InFeatures + i] = 1;
            net.Forward(Images(2), precision, ForwardMode.FittingClips);
        }

        float[] read = plain.Forward(Images(2), precision, ForwardMode.Inference).Elements<float>().ToArray();
        // Two rows of the table are read column by column.
        float[] expected = [.. read.Chunk(6).SelectMany(v => (float[])[v[0], v[3], v[1], v[4], v[2], v[5]])];

        Assert.NotEqual(read, expected);
        Assert.All(
            shuffled.Forward(Images(2), precision, ForwardMode.Inference).Elements<float>().ToArray().Zip(expected), p => Assert.Equal(p.Second, p.First, 1e-5));
        if (!precision.IsFloat)
            Assert.Equal(shuffled.QuantizerOf(expand).Grids(precision), shuffled.QuantizerOf(shuffle).Grids(precision));
    }

    [Fact]
    public void One_pass_teaches_every_master_weight()
    {
        _net.Forward(Images(6), new Precision(4), ForwardMode.FittingClips);

        _net.Forward(Images(6), new Precision(4), ForwardMode.Training).sum().backward();

        Assert.All(_net.Weights, w => Assert.NotNull(w.Gradient()));
    }

    [Fact]
    public void A_pass_moves_the_statistics_of_its_own_precision_only()
    {
        ConvSpec stem = (ConvSpec)Tiny.Net.Layers[0];
        float[] before = Mean(4);

        _net.Forward(Images(6), new Precision(8), ForwardMode.Training);

        Assert.Equal(before, Mean(4));
        Assert.NotEqual(before, Mean(8));

        float[] Mean(int bits) => _net.NormOf(stem)[new Precision(bits)].RunningMean.Elements<float>().ToArray();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(12)]
    [InlineData(16)]
    [InlineData(20)]
    public void Every_tensor_lies_on_the_grid_that_is_exported(int bits)
    {
        Precision precision = new(bits);
        _net.Forward(Images(32), precision, ForwardMode.FittingClips);
        _net.Forward(Images(32), precision, ForwardMode.Training);
        TrainedVariant variant = VariantExport.Of(_net, precision);
        IntegerReference reference = new(Tiny.Net, variant);

        float[] images = Images(5).contiguous().Elements<float>().ToArray();
        float[] expected = reference.Logits(images, 5);

        float[] logits = _net.Forward(Images(5), precision, ForwardMode.Inference).Elements<float>().ToArray();
        Assert.All(expected.Zip(logits), pair => Assert.Equal(pair.First, pair.Second, 2e-3f));
    }

    [Fact]
    public void Replicas_see_the_same_weights_and_keep_their_gradients_apart()
    {
        using SwitchableNet replica = _net.Replicate();
        _net.Weights[0].Elements<float>()[0] = 42;

        replica.Forward(Images(6), Precision.Full, ForwardMode.Training).sum().backward();

        Assert.Equal(42, replica.Weights[0].Elements<float>()[0]);
        Assert.Null(_net.Weights[0].Gradient());
        Assert.NotNull(replica.Weights[0].Gradient());
    }

    [Fact]
    public void Precisions_out_of_order_or_not_of_the_network_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new SwitchableNet(Tiny.Net, [], new Random(1)));
        Assert.Throws<ArgumentException>(() => new SwitchableNet(Tiny.Net, [new(8), new(4)], new Random(1)));
        Assert.Throws<ArgumentException>(() => _net.Forward(Images(1), new Precision(5), ForwardMode.Inference));
    }

    private static Tensor Images(int count) => ImageBatch.Of(Tiny.Bars(count)).Images;
}
