namespace InstantNet.Generation.Mapping;

/// <summary>The multiply-accumulate units of an architecture and what precision does to them.</summary>
public sealed record MacArray
{
    /// <summary>Units along the X axis.</summary>
    public required int Columns { get; init; }

    /// <summary>Units along the Y axis.</summary>
    public required int Rows { get; init; }

    /// <summary>Picojoules of one 16-bit multiply-accumulate.</summary>
    public required double PicojoulesPerMac { get; init; }

    /// <summary>How narrow operands are exploited.</summary>
    public MacRule Rule { get; init; }

    /// <summary>Operand widths the unit has, rising, the last one 16: an operand runs at the narrowest that holds it.</summary>
    public IReadOnlyList<int> OperandWidths { get; init; } = [Architecture.WordBits];

    /// <summary>Energy of a multiply-accumulate with an operand above 16 bits (float), in 16-bit ones; at least 1.</summary>
    public double FloatEnergyFactor { get; init; } = 1;

    /// <summary>Multiply-accumulates a cycle of one unit when an operand has more than 16 bits; above 0, at most 1.</summary>
    public double FloatMacsPerCycle { get; init; } = 1;

    /// <summary>Units in the array.</summary>
    public int Count => Columns * Rows;

    /// <summary>Multiply-accumulates that one unit makes in a cycle; never falls when bits fall.</summary>
    public double MacsPerCycle(OperandBits bits)
    {
        ArgumentNullException.ThrowIfNull(bits);
        return IsFloat(bits) ? FloatMacsPerCycle : 1 / WorkPerMac(bits);
    }

    /// <summary>Picojoules of one multiply-accumulate; never rises when bits fall.</summary>
    public double PicojoulesAt(OperandBits bits)
    {
        ArgumentNullException.ThrowIfNull(bits);
        return PicojoulesPerMac * (IsFloat(bits) ? FloatEnergyFactor : WorkPerMac(bits));
    }

    /// <summary>Picojoules of adding two partial sums, where sums of several units meet; never rises when bits fall.</summary>
    /// <remarks>Source: Horowitz, ISSCC 2014: a 32-bit addition costs 0.1 pJ, a 32-bit multiplication 3.1 pJ, of which a 16-bit one takes a quarter.</remarks>
    public double PicojoulesPerAdd(OperandBits bits)
    {
        ArgumentNullException.ThrowIfNull(bits);
        const double additionPerMac = 0.1 / (3.1 / 4), additionBits = 32;
        return PicojoulesPerMac * additionPerMac * Math.Min(1, bits.PartialSums / additionBits);
    }

    private static bool IsFloat(OperandBits bits) => Math.Max(bits.Weights, bits.Inputs) > Architecture.WordBits;

    /// <summary>Part of a 16-bit unit's cycle that one multiply-accumulate takes, 0..1.</summary>
    private double WorkPerMac(OperandBits bits) => Rule switch
    {
        MacRule.BitFusion => ShareOfWord(bits.Weights) * ShareOfWord(bits.Inputs),
        MacRule.BitSerial => ShareOfWord(bits.Inputs),
        MacRule.Packed => ShareOfWord(Math.Max(bits.Weights, bits.Inputs)),
        _ => 1,
    };

    private double ShareOfWord(int bits)
    {
        foreach (int width in OperandWidths)
        {
            if (width >= bits)
                return (double)width / Architecture.WordBits;
        }

        return 1;
    }
}
