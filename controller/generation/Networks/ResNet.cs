namespace InstantNet.Generation.Networks;

/// <summary>Residual networks of two-convolution blocks.</summary>
/// <remarks>
/// Source: He et al., Deep Residual Learning, CVPR 2016, table 1; where a block changes the shape, a strided 1x1 convolution carries the
/// shortcut (their option B).
/// </remarks>
public static class ResNet
{
    /// <summary>Eighteen layers with weights, for 3x224x224 images and 1000 classes.</summary>
    public static NetSpec Eighteen()
    {
        List<LayerSpec> layers =
        [
            new ConvSpec("conv1", NetSpec.InputName, 3, 64, 7, 2, 1, Relu: true, Edge: true),
            new MaxPoolSpec("pool1", "conv1", 3, 2, Padding: 1),
        ];
        (string from, int channels) = ("pool1", 64);
        for (int stage = 1; stage <= 4; stage++)
        {
            int width = 64 << (stage - 1);
            for (int block = 1; block <= 2; block++)
            {
                from = AddBlock(layers, $"l{stage}.{block}", from, channels, width, stride: stage > 1 && block == 1 ? 2 : 1);
                channels = width;
            }
        }

        layers.Add(new GlobalPoolSpec("pool", from));
        layers.Add(new LinearSpec("fc", "pool", channels, 1000));
        return new NetSpec("resnet18", new TensorShape(3, 224, 224), layers);
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
