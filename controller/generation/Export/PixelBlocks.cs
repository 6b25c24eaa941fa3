using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Export;

/// <summary>Rewrites the convolution of stride 2 that reads an image as one of stride 1 over blocks of 2x2 pixels: the same sums, sooner.</summary>
/// <remarks>
/// The engine's integer kernels take the channels of a tap together, and an image has but three: a 7x7 stem costs as much as four times its
/// multiplications elsewhere. Blocks of it have twelve channels and a 4x4 kernel; taps that the old kernel does not have get weight 0.
/// Known as the space-to-depth stem.
/// </remarks>
internal sealed class PixelBlocks
{
    private const int Side = 2;
    private readonly ConvSpec _layer;
    private readonly int _firstBlock, _kernel;

    private PixelBlocks(ConvSpec layer)
    {
        _layer = layer;
        _firstBlock = BlockOf(0);
        _kernel = BlockOf(layer.Kernel - 1) - _firstBlock + 1;
    }

    /// <summary>For a layer that gains by it; null for others.</summary>
    public static PixelBlocks? For(NetSpec net, ConvSpec layer) =>
        layer is { Input: NetSpec.InputName, Stride: Side, Groups: 1, Kernel: > Side } && net.Input.Height % Side == 0 && net.Input.Width % Side == 0
            ? new PixelBlocks(layer)
            : null;

    /// <summary>Dimensions of the weights.</summary>
    public long[] WeightShape => [_layer.OutChannels, Channels, _kernel, _kernel];

    private int Channels => Side * Side * _layer.InChannels;

    /// <summary>The image in blocks, [batch, 4 channels, height / 2, width / 2].</summary>
    public string Fold(OnnxGraph graph, string image) =>
        graph.Node("SpaceToDepth", [image], ModelTensors.PartOf(_layer.Name, "blocks"), "", OnnxAttribute.Of("blocksize", Side));

    /// <summary>Settings of the operator.</summary>
    /// <param name="output">What it makes.</param>
    /// <param name="input">Size of the image.</param>
    public OnnxAttribute[] Attributes(TensorShape output, TensorShape input) =>
    [
        OnnxAttribute.Of("kernel_shape", [_kernel, _kernel]),
        OnnxAttribute.Of("pads", [-_firstBlock, -_firstBlock, EndPadding(output.Height, input.Height), EndPadding(output.Width, input.Width)]),
    ];

    /// <summary>Weights of blocks.</summary>
    /// <param name="codes">[out, in, k, k].</param>
    /// <returns>[out, 4 · in, k', k'], channels by row and column in the block, then as before.</returns>
    public sbyte[] Fold(ReadOnlySpan<sbyte> codes)
    {
        int kernel = _layer.Kernel, taps = _kernel * _kernel;
        sbyte[] folded = new sbyte[_layer.OutChannels * Channels * taps];
        for (int o = 0; o < _layer.OutChannels; o++)
        {
            for (int c = 0; c < _layer.InChannels; c++)
            {
                for (int y = 0; y < kernel; y++)
                {
                    for (int x = 0; x < kernel; x++)
                    {
                        int channel = (((WithinBlock(y) * Side) + WithinBlock(x)) * _layer.InChannels) + c;
                        int tap = ((BlockOf(y) - _firstBlock) * _kernel) + BlockOf(x) - _firstBlock;
                        folded[(((o * Channels) + channel) * taps) + tap] = codes[(((((o * _layer.InChannels) + c) * kernel) + y) * kernel) + x];
                    }
                }
            }
        }

        return folded;
    }

    private int BlockOf(int tap) => (int)Math.Floor((tap - _layer.Padding) / (double)Side);

    private int WithinBlock(int tap) => tap - _layer.Padding - (Side * BlockOf(tap));

    private int EndPadding(int output, int input) => output - (input / Side) + _firstBlock + _kernel - 1;
}
