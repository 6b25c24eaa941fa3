using InstantNet.Contracts;
using InstantNet.Generation.Networks;

namespace InstantNet.Tests.Unit.Generation.Export;

/// <summary>Made-up trained networks with realistic values: He-initialised weights, batch norms that normalise, calibrated quantisers.</summary>
internal static class SomeVariant
{
    private const float Epsilon = 1e-5f;

    /// <summary>Stem with stride, residual and plain blocks, an image that is not square.</summary>
    public static NetSpec SmallNet { get; } =
        MobileNet.Build("some-small", new TensorShape(2, 12, 10), 5, 8, 2, [new(3, 8, 1), new(2, 12, 2), new(1, 12, 1)], 24);

    /// <summary>What MobileNet does not have: a 5x5 kernel, groups, a signed tensor into a convolution, a classifier on pixels.</summary>
    public static NetSpec OddNet { get; } = new("some-odd", new TensorShape(1, 9, 7),
    [
        new ConvSpec("wide", "x", 1, 8, 5, 1, 1, Relu: true, Edge: true),
        new ConvSpec("grouped", "wide", 8, 12, 3, 2, 2, Relu: false),
        new ConvSpec("after.signed", "grouped", 12, 6, 1, 1, 1, Relu: true),
        new LinearSpec("scores", "after.signed", 6 * 5 * 4, 3),
    ]);

    /// <summary>Both 1x1 convolutions of each block in two groups, channels shuffled between; strided, residual, and beside a full block.</summary>
    public static NetSpec GroupedNet { get; } = SearchSpaceNet.Build(
        "some-grouped", new TensorShape(2, 12, 10), 5, new SearchSpaceFrame(8, 1, [new(2, 8, 1), new(2, 12, 2)], 24),
        [new(3, 1, 2), new(5, 1, 2), new(5, 1, 2), new(3, 3)]);

    /// <summary>A strided convolution that adds no padding.</summary>
    public static NetSpec UnpaddedNet { get; } = new("some-unpadded", new TensorShape(2, 9, 7),
    [
        new ConvSpec("bare", "x", 2, 6, 3, 2, 1, Relu: true, Edge: true) { Padding = 0 },
        new LinearSpec("scores", "bare", 6 * 4 * 3, 3),
    ]);

    /// <summary>ResNet's stem: a strided 7x7 convolution of a picture, both sides even.</summary>
    public static NetSpec StridedNet { get; } = new("some-strided", new TensorShape(3, 14, 10),
    [
        new ConvSpec("stem", "x", 3, 8, 7, 2, 1, Relu: true, Edge: true),
        new ConvSpec("strided.too", "stem", 8, 6, 3, 2, 1, Relu: true),
        new LinearSpec("scores", "strided.too", 6 * 4 * 3, 3),
    ]);

    /// <summary>The same without padding, so that the last column of the image is read by no tap.</summary>
    public static NetSpec StridedBareNet { get; } = new("some-strided-bare", new TensorShape(3, 14, 10),
    [
        new ConvSpec("stem", "x", 3, 8, 5, 2, 1, Relu: true, Edge: true) { Padding = 0 },
        new LinearSpec("scores", "stem", 8 * 5 * 3, 3),
    ]);

    /// <summary>What VGG and ResNet have: max pooling, padded too, sums with ReLU, means of windows, ReLU6, hidden layers with and without ReLU.</summary>
    public static NetSpec PooledNet { get; } = new("some-pooled", new TensorShape(3, 13, 11),
    [
        new ConvSpec("first", "x", 3, 8, 3, 1, 1, Relu: true, Edge: true),
        new MaxPoolSpec("halved", "first", 3, 2, Padding: 1),
        new ConvSpec("six", "halved", 8, 8, 3, 1, 4, Relu: true) { Ceiling = 1.5f },
        new ConvSpec("signed", "six", 8, 8, 3, 1, 1, Relu: false),
        new AddSpec("sum", "halved", "signed", Relu: true),
        new AveragePoolSpec("mean", "sum", 2, 2),
        new MaxPoolSpec("signed.pool", "signed", 2, 2),
        new AddSpec("both", "mean", "signed.pool"),
        new AveragePoolSpec("padded.mean", "both", 3, 2, Padding: 1),
        new DenseSpec("hidden", "padded.mean", 8 * 2 * 2, 12),
        new DenseSpec("linear", "hidden", 12, 10, Relu: false),
        new LinearSpec("scores", "linear", 10, 4),
    ])
    {
        Normalization = new InputNormalization([0.48f, 0.45f, 0.4f], [1 / 0.23f, 1 / 0.22f, 1 / 0.225f]),
    };

    /// <summary>Same arguments, same values. Every fifth gamma is negative.</summary>
    public static TrainedVariant Of(NetSpec net, int bits, int seed = 1)
    {
        Random random = new(seed);
        Precision precision = new(bits);
        Dictionary<string, TrainedConvolution> convolutions = [];
        Dictionary<string, ActivationQuantizer> activations = [];
        Dictionary<string, TrainedDense> dense = [];
        LinearSpec last = (LinearSpec)net.Layers[^1];
        TrainedClassifier classifier = new(
            Normal(random, last.InFeatures * last.OutFeatures, 0, MathF.Sqrt(2f / last.InFeatures)), Normal(random, last.OutFeatures, 0, 0.5f));
        TrainedVariant variant = new(precision, convolutions, classifier, activations) { Dense = dense };

        List<Dictionary<string, double[]>> samples = [.. Enumerable.Range(0, 4).Select(_ => new Dictionary<string, double[]>
        {
            [NetSpec.InputName] = FakeQuantReference.Normalize(net, Image(net, random)),
        })];
        Calibrate(NetSpec.InputName, [.. samples.Select(s => s[NetSpec.InputName])]);
        foreach (LayerSpec layer in net.Layers.SkipLast(1))
        {
            if (layer is ConvSpec conv)
            {
                TrainedConvolution plain = Convolution(random, conv);
                convolutions[conv.Name] = plain with { Gamma = Ones(conv.OutChannels), Beta = new float[conv.OutChannels] };
                double[][] sums = [.. samples.Select(s => FakeQuantReference.Raw(net, variant, conv with { Relu = false }, t => s[t]))];
                convolutions[conv.Name] = Normalised(plain, conv, sums, net.ShapeOf(conv.Name).Pixels);
            }

            if (layer is DenseSpec d)
                dense[d.Name] = new TrainedDense(Normal(random, d.InFeatures * d.OutFeatures, 0, MathF.Sqrt(2f / d.InFeatures)), Normal(random, d.OutFeatures, 0.2f, 0.3f));
            Calibrate(layer.Name, [.. samples.Select(s => FakeQuantReference.Raw(net, variant, layer, t => s[t]))]);
        }

        return variant;

        void Calibrate(string tensor, double[][] raw)
        {
            if (!precision.IsFloat)
                activations[tensor] = Quantizer(net, tensor, precision, activations, raw);
            for (int i = 0; i < raw.Length; i++)
                samples[i][tensor] = precision.IsFloat ? raw[i] : FakeQuantReference.Values(FakeQuantReference.Codes(raw[i], activations[tensor]), activations[tensor]);
        }
    }

    /// <summary>An image with dark background: about half of the pixels are 0.</summary>
    public static float[] Image(NetSpec net, Random random) =>
        [.. Enumerable.Range(0, net.Input.Count).Select(_ => Math.Max(0, random.Next(-255, 256)) / 255f)];

    private static TrainedConvolution Convolution(Random random, ConvSpec layer)
    {
        int fanIn = layer.WeightCount / layer.OutChannels, n = layer.OutChannels;
        float[] gamma = [.. Normal(random, n, 1, 0.2f).Select((g, i) => i % 5 == 4 ? -g : g)];
        return new TrainedConvolution(
            Normal(random, layer.WeightCount, 0, MathF.Sqrt(2f / fanIn)), gamma, Normal(random, n, 0.3f, 0.3f), new float[n], Ones(n), Epsilon);
    }

    /// <summary>Population statistics that the layer's sums really have.</summary>
    private static TrainedConvolution Normalised(TrainedConvolution plain, ConvSpec layer, double[][] sums, int pixels)
    {
        float[] mean = new float[layer.OutChannels], variance = new float[layer.OutChannels];
        for (int o = 0; o < layer.OutChannels; o++)
        {
            double[] channel = [.. sums.SelectMany(s => s.Skip(o * pixels).Take(pixels))];
            mean[o] = (float)channel.Average();
            variance[o] = (float)channel.Average(v => (v - mean[o]) * (v - mean[o]));
        }

        return plain with { Mean = mean, Variance = variance };
    }

    /// <summary>Clips at 0.9 of the range seen, so that both ends of the grid saturate somewhere.</summary>
    private static ActivationQuantizer Quantizer(
        NetSpec net, string tensor, Precision precision, Dictionary<string, ActivationQuantizer> activations, double[][] raw)
    {
        int bits = BitPlan.Activation(net, tensor, precision);
        if (net.Layers.FirstOrDefault(l => l.Name == tensor) is SelectionSpec selection)
            return activations[selection.Input];
        double largest = raw.Max(r => r.Max(Math.Abs)) * (tensor == NetSpec.InputName ? 1 : 0.9);
        return BitPlan.IsSigned(net, tensor)
            ? new ActivationQuantizer((float)(largest / (1 << (bits - 1))), 1 << (bits - 1), bits)
            : new ActivationQuantizer((float)(largest / ((1 << bits) - 1)), 0, bits);
    }

    private static float[] Ones(int count) => [.. Enumerable.Repeat(1f, count)];

    private static float[] Normal(Random random, int count, float mean, float deviation) =>
        [.. Enumerable.Range(0, count).Select(_ =>
            mean + deviation * (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
}
