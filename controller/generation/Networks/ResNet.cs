namespace InstantNet.Generation.Networks;

/// <summary>Residual networks of two-convolution blocks.</summary>
/// <remarks>
/// Source: He et al., Deep Residual Learning, CVPR 2016, table 1 and section 4.2; where a block changes the shape, a strided 1x1 convolution
/// carries the shortcut (their option B, on CIFAR too, where they padded with zeros).
/// </remarks>
public static class ResNet
{
    /// <summary>What reads the image.</summary>
    public enum Stem
    {
        /// <summary>A 3x3 convolution that keeps the size.</summary>
        Plain,

        /// <summary>A strided 7x7 convolution and strided max pooling: a quarter of the size is left.</summary>
        Reducing,
    }

    /// <summary>Eighteen layers with weights: four stages of two blocks, 64 to 512 channels wide.</summary>
    public static NetSpec Eighteen(TensorShape input, int classes) => Build("resnet18", input, classes, StemFor(input), [64, 128, 256, 512], blocks: 2);

    /// <summary>The network for CIFAR: three stages, 16 to 64 channels wide.</summary>
    /// <param name="depth">Layers with weights, shortcuts not counted: 6n + 2, for n blocks a stage.</param>
    /// <param name="input">Shape of one image.</param>
    /// <param name="classes">Outputs of the classifier.</param>
    /// <exception cref="ArgumentException">The depth is not 6n + 2.</exception>
    public static NetSpec Cifar(int depth, TensorShape input, int classes) => depth > 2 && depth % 6 == 2
        ? Build($"resnet{depth}", input, classes, StemFor(input), [16, 32, 64], blocks: depth / 6)
        : throw new ArgumentException($"A ResNet for CIFAR has 6n + 2 layers, not {depth}.", nameof(depth));

    /// <summary>Any network of the family.</summary>
    /// <param name="name">What reports call it.</param>
    /// <param name="input">Shape of one image.</param>
    /// <param name="classes">Outputs of the classifier.</param>
    /// <param name="stem">What reads the image.</param>
    /// <param name="widths">Channels of each stage; every stage but the first halves the image.</param>
    /// <param name="blocks">Blocks of each stage.</param>
    public static NetSpec Build(string name, TensorShape input, int classes, Stem stem, IReadOnlyList<int> widths, int blocks)
    {
        ArgumentNullException.ThrowIfNull(widths);
        List<LayerSpec> layers = [];
        string from = AddStem(layers, stem, input.Channels, widths[0]);
        int channels = widths[0];
        for (int stage = 1; stage <= widths.Count; stage++)
        {
            for (int block = 1; block <= blocks; block++)
            {
                from = AddBlock(layers, $"l{stage}.{block}", from, channels, widths[stage - 1], stride: stage > 1 && block == 1 ? 2 : 1);
                channels = widths[stage - 1];
            }
        }

        layers.Add(new GlobalPoolSpec("pool", from));
        layers.Add(new LinearSpec("fc", "pool", channels, classes));
        return new NetSpec(name, input, layers);
    }

    private static Stem StemFor(TensorShape input) => input.IsThumbnail ? Stem.Plain : Stem.Reducing;

    private static string AddStem(List<LayerSpec> layers, Stem stem, int channels, int width)
    {
        if (stem == Stem.Plain)
        {
            layers.Add(new ConvSpec("conv1", NetSpec.InputName, channels, width, 3, 1, 1, Relu: true, Edge: true));
            return "conv1";
        }

        layers.Add(new ConvSpec("conv1", NetSpec.InputName, channels, width, 7, 2, 1, Relu: true, Edge: true));
        layers.Add(new MaxPoolSpec("pool1", "conv1", 3, 2, Padding: 1));
        return "pool1";
    }

    private static string AddBlock(List<LayerSpec> layers, string name, string from, int channels, int width, int stride)
    {
        string shortcut = from;
        layers.Add(new ConvSpec($"{name}.first", from, channels, width, 3, stride, 1, Relu: true));
        layers.Add(new ConvSpec($"{name}.second", $"{name}.first", width, width, 3, 1, 1, Relu: false));
        if (stride != 1 || channels != width)
        {
            shortcut = $"{name}.shortcut";
            layers.Add(new ConvSpec(shortcut, from, channels, width, 1, stride, 1, Relu: false));
        }

        layers.Add(new AddSpec($"{name}.add", shortcut, $"{name}.second", Relu: true));
        return $"{name}.add";
    }
}
