namespace InstantNet.Generation.Networks;

/// <summary>One step of a network. Its name is also the name of the tensor it makes.</summary>
/// <param name="Name">Unique in the network; letters, digits, '_' and '.'.</param>
public abstract record LayerSpec(string Name);

/// <summary>Convolution, batch norm, and optionally ReLU; padding is Kernel / 2 on each side, no bias of its own.</summary>
/// <param name="Name">See <see cref="LayerSpec"/>.</param>
/// <param name="Input">Name of the tensor it reads; <see cref="NetSpec.InputName"/> is the image.</param>
/// <param name="InChannels">Channels read.</param>
/// <param name="OutChannels">Channels made.</param>
/// <param name="Kernel">Side of the square kernel, odd.</param>
/// <param name="Stride">1 or 2.</param>
/// <param name="Groups">1 for a full convolution; equal to both channel counts for a depthwise one.</param>
/// <param name="Relu">Whether ReLU follows the batch norm; without it the output is signed.</param>
/// <param name="Edge">First layer of the network: keeps at least 8 bits at every precision, as is usual below 8 bits.</param>
public sealed record ConvSpec(
    string Name, string Input, int InChannels, int OutChannels, int Kernel, int Stride, int Groups, bool Relu, bool Edge = false) : LayerSpec(Name)
{
    /// <summary>True when each input channel has its own filter.</summary>
    public bool IsDepthwise => Groups == InChannels && Groups == OutChannels && Groups > 1;

    /// <summary>Values in the weight tensor [OutChannels, InChannels / Groups, Kernel, Kernel].</summary>
    public int WeightCount => OutChannels * (InChannels / Groups) * Kernel * Kernel;
}

/// <summary>Element-wise sum of two tensors of one shape: the residual connection. Linear, so the output is signed.</summary>
/// <param name="Name">See <see cref="LayerSpec"/>.</param>
/// <param name="Left">Tensor that skips the block.</param>
/// <param name="Right">Tensor that the block's last convolution made.</param>
public sealed record AddSpec(string Name, string Left, string Right) : LayerSpec(Name);

/// <summary>Mean over height and width: [batch, channels, h, w] to [batch, channels].</summary>
/// <param name="Name">See <see cref="LayerSpec"/>.</param>
/// <param name="Input">Tensor it reads.</param>
public sealed record GlobalPoolSpec(string Name, string Input) : LayerSpec(Name);

/// <summary>Fully connected classifier with bias; makes the logits in float. Keeps at least 8 bits at every precision.</summary>
/// <param name="Name">See <see cref="LayerSpec"/>.</param>
/// <param name="Input">Tensor it reads, [batch, InFeatures].</param>
/// <param name="InFeatures">Width of the input.</param>
/// <param name="OutFeatures">Number of classes.</param>
public sealed record LinearSpec(string Name, string Input, int InFeatures, int OutFeatures) : LayerSpec(Name);
