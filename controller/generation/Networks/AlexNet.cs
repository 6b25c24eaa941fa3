namespace InstantNet.Generation.Networks;

/// <summary>AlexNet in its original form: conv2, conv4 and conv5 in two groups, one on each of its two GPUs.</summary>
/// <remarks>
/// Source: Krizhevsky, Sutskever and Hinton, ImageNet Classification with Deep CNNs, NIPS 2012, section 3.5; with images of 227x227, from which
/// its 55x55 positions follow. Batch norm stands in place of biases and of local response normalisation.
/// </remarks>
public static class AlexNet
{
    /// <summary>The network for 3x227x227 images and 1000 classes.</summary>
    public static NetSpec Build() => new("alexnet", new TensorShape(3, 227, 227),
    [
        new ConvSpec("conv1", NetSpec.InputName, 3, 96, 11, 4, 1, Relu: true, Edge: true) { Padding = 0 },
        new MaxPoolSpec("pool1", "conv1", 3, 2),
        new ConvSpec("conv2", "pool1", 96, 256, 5, 1, 2, Relu: true),
        new MaxPoolSpec("pool2", "conv2", 3, 2),
        new ConvSpec("conv3", "pool2", 256, 384, 3, 1, 1, Relu: true),
        new ConvSpec("conv4", "conv3", 384, 384, 3, 1, 2, Relu: true),
        new ConvSpec("conv5", "conv4", 384, 256, 3, 1, 2, Relu: true),
        new MaxPoolSpec("pool5", "conv5", 3, 2),
        new DenseSpec("fc6", "pool5", 256 * 6 * 6, 4096),
        new DenseSpec("fc7", "fc6", 4096, 4096),
        new LinearSpec("fc8", "fc7", 4096, 1000),
    ]);
}
