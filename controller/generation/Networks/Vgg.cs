namespace InstantNet.Generation.Networks;

/// <summary>VGG: blocks of 3x3 convolutions, each block halved by max pooling, then three fully connected layers.</summary>
/// <remarks>
/// Source: Simonyan and Zisserman, Very Deep Convolutional Networks, ICLR 2015, table 1. Batch norm stands in place of the convolutions' biases.
/// </remarks>
public static class Vgg
{
    /// <summary>Configuration D, sixteen layers with weights, for 3x224x224 images and 1000 classes.</summary>
    public static NetSpec Sixteen() => Build("vgg16", [(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)]);

    private static NetSpec Build(string name, IReadOnlyList<(int Channels, int Convolutions)> blocks)
    {
        List<LayerSpec> layers = [];
        string from = NetSpec.InputName;
        int channels = 3;
        for (int block = 1; block <= blocks.Count; block++)
        {
            for (int i = 1; i <= blocks[block - 1].Convolutions; i++)
            {
                layers.Add(new ConvSpec($"conv{block}_{i}", from, channels, blocks[block - 1].Channels, 3, 1, 1, Relu: true, Edge: layers.Count == 0));
                (from, channels) = ($"conv{block}_{i}", blocks[block - 1].Channels);
            }

            layers.Add(new MaxPoolSpec($"pool{block}", from, 2, 2));
            from = $"pool{block}";
        }

        layers.Add(new DenseSpec("fc6", from, channels * 7 * 7, 4096));
        layers.Add(new DenseSpec("fc7", "fc6", 4096, 4096));
        layers.Add(new LinearSpec("fc8", "fc7", 4096, 1000));
        return new NetSpec(name, new TensorShape(3, 224, 224), layers);
    }
}
