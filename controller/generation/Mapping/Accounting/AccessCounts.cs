namespace InstantNet.Generation.Mapping.Accounting;

/// <summary>Where <see cref="CostModel"/> puts the words moved: per level, innermost first, three tensors with three counts each.</summary>
public static class AccessCounts
{
    /// <summary>Entries of one level.</summary>
    public const int PerLevel = 9;

    /// <summary>Index of words read from one instance.</summary>
    public static int Reads(int level, Operand operand) => (level * PerLevel) + ((int)operand * 3);

    /// <summary>Index of words that the next level outwards wrote into one instance.</summary>
    public static int Fills(int level, Operand operand) => Reads(level, operand) + 1;

    /// <summary>Index of partial or finished outputs that came up into one instance.</summary>
    public static int Updates(int level, Operand operand) => Reads(level, operand) + 2;
}
