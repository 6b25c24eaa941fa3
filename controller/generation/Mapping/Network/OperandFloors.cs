using InstantNet.Contracts;
using InstantNet.Generation.Mapping.Devices;
using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Mapping.Network;

/// <summary>Least bits of a layer's words: at a precision each tensor has the more of its floor and the precision's bits.</summary>
/// <param name="Weights">Of a weight; <see cref="Precision.MinBits"/> where the precision alone decides.</param>
/// <param name="Inputs">Of an input activation.</param>
/// <param name="Outputs">Of a finished output; 32 for logits, which are float at every precision.</param>
public sealed record OperandFloors(int Weights, int Inputs, int Outputs)
{
    /// <summary>The precision alone decides.</summary>
    public static OperandFloors None { get; } = new(Precision.MinBits, Precision.MinBits, Precision.MinBits);

    /// <summary>The first layer: it multiplies the image.</summary>
    public static OperandFloors Stem { get; } = None with { Weights = BitPlan.EdgeBits, Inputs = BitPlan.EdgeBits };

    /// <summary>The last layer: its outputs are the logits.</summary>
    public static OperandFloors Classifier { get; } = Stem with { Outputs = Precision.MaxBits };

    /// <summary>The bits of a layer's words on an accelerator when the network runs at a precision.</summary>
    public OperandBits At(Precision precision, Accelerator accelerator)
    {
        ArgumentNullException.ThrowIfNull(accelerator);
        return accelerator.WidthsFor(Math.Max(Weights, precision.Bits), Math.Max(Inputs, precision.Bits), Math.Max(Outputs, precision.Bits));
    }
}
