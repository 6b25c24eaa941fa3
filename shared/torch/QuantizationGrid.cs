namespace InstantNet.Torch;

/// <summary>Which whole codes an activation is rounded to; the clip that scales them is a tensor of its own.</summary>
/// <param name="Bits">2..22, or 32 for none.</param>
/// <param name="IsSigned">
/// False: codes 0..2^Bits-1, the clip is the value of the highest. True: -2^(Bits-1)..2^(Bits-1)-1, minus the clip is the value of the lowest.
/// </param>
public readonly record struct QuantizationGrid(int Bits, bool IsSigned)
{
    /// <summary>Steps between 0 and the clip.</summary>
    public int StepsToClip => IsSigned ? 1 << (Bits - 1) : (1 << Bits) - 1;

    /// <summary>Lowest and highest code.</summary>
    public (double Low, double High) Codes => IsSigned ? (-StepsToClip, StepsToClip - 1) : (0, StepsToClip);
}
