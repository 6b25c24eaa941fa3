namespace InstantNet.Generation.Mapping;

/// <summary>Bits of one word of each tensor of a layer.</summary>
/// <param name="Weights">Bits of a weight, 1..64.</param>
/// <param name="Inputs">Bits of an input activation, 1..64.</param>
/// <param name="Outputs">Bits of a finished output as it leaves for the outermost level, 1..64.</param>
/// <param name="PartialSums">Bits of an unfinished output, wherever it is held; not below <paramref name="Outputs"/>.</param>
public sealed record OperandBits(int Weights, int Inputs, int Outputs, int PartialSums)
{
    /// <summary>Every tensor in 16-bit words: Timeloop's own setting.</summary>
    public static OperandBits Words { get; } = new(Architecture.WordBits, Architecture.WordBits, Architecture.WordBits, Architecture.WordBits);
}
