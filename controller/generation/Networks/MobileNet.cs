namespace InstantNet.Generation.Networks;

/// <summary>Builds MobileNetV2-like networks: a stem, inverted residual blocks, a 1x1 header, pooling, a classifier.</summary>
/// <remarks>Source: Sandler et al., MobileNetV2, CVPR 2018, section 3; ReLU in place of ReLU6, because the clip is learned per precision.</remarks>
public static class MobileNet
{
    /// <summary>One inverted residual block: 1x1 expand, 3x3 depthwise, 1x1 project; residual when shapes match.</summary>
    /// <param name="Expansion">Hidden channels per input channel; 1 leaves the expansion out.</param>
    /// <param name="OutChannels">Channels it makes.</param>
    /// <param name="Stride">Of the depthwise convolution.</param>
    public readonly record struct Block(int Expansion, int OutChannels, int Stride);

    /// <summary>The network of the built-in scenario: 28x28 grey images, ten classes.</summary>
    public static NetSpec Small(TensorShape input, int classes) =>
        Build("mobilenet-small", input, classes, stemChannels: 16, stemStride: 2,
            [new(3, 24, 1), new(3, 24, 1), new(3, 40, 2), new(3, 40, 1)], headerChannels: 128);

    /// <summary>MobileNetV2 at width 1.0. Thumbnails keep their size through the stem and the first strided stage: 32x32 end as 4x4.</summary>
    /// <remarks>Source: Sandler et al., table 2, for 3x224x224 images and 1000 classes.</remarks>
    public static NetSpec V2(TensorShape input, int classes)
    {
        int early = input.IsThumbnail ? 1 : 2;
        return Build("mobilenet-v2", input, classes, stemChannels: 32, stemStride: early,
            [
                new(1, 16, 1),
                .. Stage(24, 2, early), .. Stage(32, 3, 2), .. Stage(64, 4, 2), .. Stage(96, 3, 1), .. Stage(160, 3, 2), .. Stage(320, 1, 1),
            ],
            headerChannels: 1280);
    }

    /// <summary>Any network of the family.</summary>
    public static NetSpec Build(
        string name, TensorShape input, int classes, int stemChannels, int stemStride, IReadOnlyList<Block> blocks, int headerChannels)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        List<LayerSpec> layers = [new ConvSpec("stem", NetSpec.InputName, input.Channels, stemChannels, 3, stemStride, 1, Relu: true, Edge: true)];
        string from = "stem";
        int channels = stemChannels;
        for (int i = 0; i < blocks.Count; i++)
        {
            (from, channels) = AddBlock(layers, $"b{i}", from, channels, blocks[i]);
        }

        layers.Add(new ConvSpec("header", from, channels, headerChannels, 1, 1, 1, Relu: true));
        layers.Add(new GlobalPoolSpec("pool", "header"));
        layers.Add(new LinearSpec("logits", "pool", headerChannels, classes));
        return new NetSpec(name, input, layers);
    }

    /// <summary>Blocks of one width, of which the first strides; V2 expands sixfold in all but its very first block.</summary>
    private static IEnumerable<Block> Stage(int channels, int count, int stride) =>
        Enumerable.Range(0, count).Select(i => new Block(6, channels, i == 0 ? stride : 1));

    private static (string Tensor, int Channels) AddBlock(List<LayerSpec> layers, string name, string from, int channels, Block block)
    {
        int hidden = channels * block.Expansion;
        string tensor = from;
        if (block.Expansion > 1)
        {
            layers.Add(new ConvSpec($"{name}.expand", tensor, channels, hidden, 1, 1, 1, Relu: true));
            tensor = $"{name}.expand";
        }

        layers.Add(new ConvSpec($"{name}.depthwise", tensor, hidden, hidden, 3, block.Stride, hidden, Relu: true));
        layers.Add(new ConvSpec($"{name}.project", $"{name}.depthwise", hidden, block.OutChannels, 1, 1, 1, Relu: false));
        if (block.Stride != 1 || channels != block.OutChannels)
            return ($"{name}.project", block.OutChannels);
        layers.Add(new AddSpec($"{name}.add", from, $"{name}.project"));
        return ($"{name}.add", block.OutChannels);
    }
}
