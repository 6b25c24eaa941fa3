using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Export;

/// <summary>Lays the image out as the engine's integer kernels want it for the convolution that reads it: the same sums, sooner.</summary>
/// <remarks>
/// The kernels multiply four bytes of neighbouring channels at a time and take all channels of a tap together. An image has three: a 7x7 stem costs
/// several times what its multiplications cost elsewhere. A stem of stride 2 becomes one of stride 1 over blocks of 2x2 pixels, known as the space-to-depth stem;
/// one of stride 1 gets channels that fill the word. Whatever the old kernel does not have gets weight 0.
/// </remarks>
internal sealed class StemLayout
{
    private const int BytesPerWord = 4;
    private readonly ConvSpec _layer;
    private readonly int _side, _firstBlock, _kernel, _channels;

    private StemLayout(ConvSpec layer)
    {
        (_layer, _side) = (layer, layer.Stride);
        _firstBlock = BlockOf(0);
        _kernel = BlockOf(layer.Kernel - 1) - _firstBlock + 1;
        int folded = _side * _side * layer.InChannels;
        _channels = (folded + BytesPerWord - 1) / BytesPerWord * BytesPerWord;
    }

    /// <summary>For a layer that gains by it; null for others.</summary>
    public static StemLayout? For(NetSpec net, ConvSpec layer)
    {
        bool dense = layer is { Input: NetSpec.InputName, Groups: 1, Stride: 1 or 2 } && layer.Kernel > layer.Stride;
        bool blocks = dense && net.Input.Height % layer.Stride == 0 && net.Input.Width % layer.Stride == 0;
        return blocks && (layer.Stride > 1 || layer.InChannels % BytesPerWord != 0) ? new StemLayout(layer) : null;
    }

    /// <summary>Dimensions of the weights.</summary>
    public long[] WeightShape => [_layer.OutChannels, _channels, _kernel, _kernel];

    /// <summary>The image in that layout, bytes [batch, channels, height / stride, width / stride].</summary>
    public string Lay(OnnxGraph graph, string image)
    {
        string blocks = _side == 1
            ? image
            : graph.Node("SpaceToDepth", [image], ModelTensors.PartOf(_layer.Name, "blocks"), "", OnnxAttribute.Of("blocksize", _side));
        int missing = _channels - (_side * _side * _layer.InChannels);
        if (missing == 0)
            return blocks;
        // Before and after each dimension, as the operator has it. What the channels hold does not matter: their weights are 0.
        string ends = graph.Constant(ModelTensors.PartOf(_layer.Name, "ends"), new long[] { 0, 0, 0, 0, 0, missing, 0, 0 }, 8);
        return graph.Node("Pad", [blocks, ends], ModelTensors.PartOf(_layer.Name, "words"));
    }

    /// <summary>Settings of the operator.</summary>
    /// <param name="output">What it makes.</param>
    /// <param name="input">Size of the image.</param>
    public OnnxAttribute[] Attributes(TensorShape output, TensorShape input) =>
    [
        OnnxAttribute.Of("kernel_shape", [_kernel, _kernel]),
        OnnxAttribute.Of("pads", [-_firstBlock, -_firstBlock, EndPadding(output.Height, input.Height), EndPadding(output.Width, input.Width)]),
    ];

    /// <summary>Weights for that layout.</summary>
    /// <param name="codes">[out, in, k, k].</param>
    /// <returns>[out, channels, k', k'], channels by row and column in the block, then as before, then those of no weight.</returns>
    public sbyte[] Lay(ReadOnlySpan<sbyte> codes)
    {
        int kernel = _layer.Kernel, taps = _kernel * _kernel, from = 0;
        sbyte[] laid = new sbyte[_layer.OutChannels * _channels * taps];
        for (int o = 0; o < _layer.OutChannels; o++)
        {
            for (int c = 0; c < _layer.InChannels; c++)
            {
                for (int y = 0; y < kernel; y++)
                {
                    for (int x = 0; x < kernel; x++)
                    {
                        int channel = (((WithinBlock(y) * _side) + WithinBlock(x)) * _layer.InChannels) + c;
                        int tap = ((BlockOf(y) - _firstBlock) * _kernel) + BlockOf(x) - _firstBlock;
                        laid[(((o * _channels) + channel) * taps) + tap] = codes[from++];
                    }
                }
            }
        }

        return laid;
    }

    private int BlockOf(int tap) => (int)Math.Floor((tap - _layer.Padding) / (double)_side);

    private int WithinBlock(int tap) => tap - _layer.Padding - (_side * BlockOf(tap));

    private int EndPadding(int output, int input) => output - (input / _side) + _firstBlock + _kernel - 1;
}
