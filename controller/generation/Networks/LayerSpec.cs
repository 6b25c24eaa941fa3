namespace InstantNet.Generation.Networks;

/// <summary>One step of a network. Its name is also the name of the tensor it makes.</summary>
/// <param name="Name">Unique in the network; letters, digits, '_' and '.'.</param>
public abstract record LayerSpec(string Name);

/// <summary>Convolution, batch norm, and optionally ReLU; no bias of its own.</summary>
/// <param name="Name">See <see cref="LayerSpec"/>.</param>
/// <param name="Input">Name of the tensor it reads; <see cref="NetSpec.InputName"/> is the image.</param>
/// <param name="InChannels">Channels read.</param>
/// <param name="OutChannels">Channels made.</param>
/// <param name="Kernel">Side of the square kernel; an even one needs its padding stated.</param>
/// <param name="Stride">Step of the kernel in both directions, at least 1.</param>
/// <param name="Groups">1 for a full convolution; equal to both channel counts for a depthwise one.</param>
/// <param name="Relu">Whether ReLU follows the batch norm; without it the output is signed.</param>
/// <param name="Edge">First layer of the network: keeps at least 8 bits at every precision, as is usual below 8 bits.</param>
public sealed record ConvSpec(
    string Name, string Input, int InChannels, int OutChannels, int Kernel, int Stride, int Groups, bool Relu, bool Edge = false) : LayerSpec(Name)
{
    /// <summary>Zeros added on each side of the image, 0 to Kernel / 2; by default the most, which keeps the image's size at stride 1.</summary>
    public int Padding { get; init; } = Kernel / 2;

    /// <summary>Largest value that the ReLU lets through, 6 in ReLU6, above 0; null is none. Quantised variants clip there or below.</summary>
    public float? Ceiling { get; init; }

    /// <summary>True when each input channel has its own filter.</summary>
    public bool IsDepthwise => Groups == InChannels && Groups == OutChannels && Groups > 1;

    /// <summary>Values in the weight tensor [OutChannels, InChannels / Groups, Kernel, Kernel].</summary>
    public int WeightCount => OutChannels * (InChannels / Groups) * Kernel * Kernel;
}

/// <summary>Element-wise sum of two tensors of one shape: the residual connection. Without ReLU the output is signed.</summary>
/// <param name="Name">See <see cref="LayerSpec"/>.</param>
/// <param name="Left">Tensor that skips the block.</param>
/// <param name="Right">Tensor that the block's last convolution made.</param>
/// <param name="Relu">Whether ReLU follows the sum, as in ResNet; MobileNetV2 leaves it linear.</param>
public sealed record AddSpec(string Name, string Left, string Right, bool Relu = false) : LayerSpec(Name)
{
    /// <inheritdoc cref="ConvSpec.Ceiling"/>
    public float? Ceiling { get; init; }
}

/// <summary>Picks among the values of its input and computes none, so what it makes has its input's quantiser.</summary>
/// <param name="Name">See <see cref="LayerSpec"/>.</param>
/// <param name="Input">Tensor it reads.</param>
public abstract record SelectionSpec(string Name, string Input) : LayerSpec(Name);

/// <summary>Largest value of each window. What padding adds never wins.</summary>
/// <param name="Name">See <see cref="LayerSpec"/>.</param>
/// <param name="Input">Tensor it reads.</param>
/// <param name="Kernel">Side of the square window.</param>
/// <param name="Stride">Step of the window in both directions, at least 1.</param>
/// <param name="Padding">Positions added on each side, 0 to Kernel / 2; rows and columns that fill no window are dropped.</param>
public sealed record MaxPoolSpec(string Name, string Input, int Kernel, int Stride, int Padding = 0) : SelectionSpec(Name, Input);

/// <summary>
/// Interleaves the channels of equal groups, so that the next grouped convolution reads from all of them: channel i of group g becomes channel
/// i · Groups + g.
/// </summary>
/// <param name="Name">See <see cref="LayerSpec"/>.</param>
/// <param name="Input">Tensor it reads.</param>
/// <param name="Groups">At least 2, a divisor of the channels.</param>
/// <remarks>Source: Zhang et al., ShuffleNet, CVPR 2018, section 3.1.</remarks>
public sealed record ShuffleSpec(string Name, string Input, int Groups) : SelectionSpec(Name, Input)
{
    /// <summary>Which channel of the input each channel of the output is.</summary>
    /// <param name="channels">A multiple of <see cref="Groups"/>.</param>
    public int[] Order(int channels) => [.. Enumerable.Range(0, channels).Select(c => (c % Groups * (channels / Groups)) + (c / Groups))];
}

/// <summary>Mean of each window. What padding adds does not count.</summary>
/// <param name="Name">See <see cref="LayerSpec"/>.</param>
/// <param name="Input">Tensor it reads.</param>
/// <param name="Kernel">Side of the square window.</param>
/// <param name="Stride">Step of the window in both directions, at least 1.</param>
/// <param name="Padding">Positions added on each side, 0 to Kernel / 2; rows and columns that fill no window are dropped.</param>
public sealed record AveragePoolSpec(string Name, string Input, int Kernel, int Stride, int Padding = 0) : LayerSpec(Name);

/// <summary>Mean over height and width: [batch, channels, h, w] to [batch, channels].</summary>
/// <param name="Name">See <see cref="LayerSpec"/>.</param>
/// <param name="Input">Tensor it reads.</param>
public sealed record GlobalPoolSpec(string Name, string Input) : LayerSpec(Name);

/// <summary>Hidden fully connected layer with bias, and ReLU unless told otherwise; reads its input flattened. Runs at the precision's own bits.</summary>
/// <param name="Name">See <see cref="LayerSpec"/>.</param>
/// <param name="Input">Tensor it reads, InFeatures values in all.</param>
/// <param name="InFeatures">Width of the input.</param>
/// <param name="OutFeatures">Width of the output.</param>
/// <param name="Relu">Whether ReLU follows; without it the output is signed.</param>
public sealed record DenseSpec(string Name, string Input, int InFeatures, int OutFeatures, bool Relu = true) : LayerSpec(Name)
{
    /// <inheritdoc cref="ConvSpec.Ceiling"/>
    public float? Ceiling { get; init; }

    /// <summary>The same sums as a 1x1 convolution of a flattened image.</summary>
    public ConvSpec AsConvolution() => new(Name, Input, InFeatures, OutFeatures, 1, 1, 1, Relu) { Ceiling = Ceiling };
}

/// <summary>Fully connected classifier with bias; makes the logits in float. Keeps at least 8 bits at every precision.</summary>
/// <param name="Name">See <see cref="LayerSpec"/>.</param>
/// <param name="Input">Tensor it reads, [batch, InFeatures].</param>
/// <param name="InFeatures">Width of the input.</param>
/// <param name="OutFeatures">Number of classes.</param>
public sealed record LinearSpec(string Name, string Input, int InFeatures, int OutFeatures) : LayerSpec(Name);

/// <summary>
/// Weighted sum of tensors of one shape, the weights given by whoever runs it: how a supernet joins the choices of a layer. Signed; neither exported nor
/// mapped.
/// </summary>
/// <param name="Name">See <see cref="LayerSpec"/>.</param>
/// <param name="Inputs">Tensors it reads, one of each choice.</param>
public sealed record MixtureSpec(string Name, IReadOnlyList<string> Inputs) : LayerSpec(Name);
