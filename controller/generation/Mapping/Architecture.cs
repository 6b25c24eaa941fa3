namespace InstantNet.Generation.Mapping;

/// <summary>An accelerator: memory levels from the innermost out, and the multiply-accumulate array below them. Immutable, validated here.</summary>
public sealed record Architecture
{
    /// <summary>Bits of the word in which capacities, bandwidths and energies are given.</summary>
    public const int WordBits = 16;

    /// <summary>Most memory levels.</summary>
    public const int MaxLevels = 6;

    /// <param name="name">What reports call it.</param>
    /// <param name="levels">Innermost first; the outermost keeps every tensor, is unlimited and has one instance.</param>
    /// <param name="macs">The units below the innermost level.</param>
    /// <exception cref="ArgumentException">The levels do not form a hierarchy; the text says which and why.</exception>
    public Architecture(string name, IReadOnlyList<MemoryLevel> levels, MacArray macs)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(levels);
        ArgumentNullException.ThrowIfNull(macs);
        Name = name;
        Levels = levels;
        Macs = macs;
        if (levels.Count is 0 or > MaxLevels)
            throw new ArgumentException($"'{name}' has {levels.Count} memory levels; 1 to {MaxLevels} can be mapped.", nameof(levels));
        MemoryLevel outermost = levels[^1];
        if (outermost.Keeps != OperandSet.All || outermost.MayBypass != OperandSet.None || outermost.CapacityWords is not null)
            throw new ArgumentException($"Level '{outermost.Name}' of '{name}' is the outermost: it keeps every tensor and is unlimited.", nameof(levels));
        if (outermost.Columns != 1 || outermost.Rows != 1)
            throw new ArgumentException($"Level '{outermost.Name}' of '{name}' is the outermost: it has one instance.", nameof(levels));
        for (int level = 0; level < levels.Count; level++)
        {
            (int columns, int rows) = ChildrenOf(level);
            if (columns < 1 || rows < 1)
                throw new ArgumentException($"Level '{levels[level].Name}' of '{name}' has more instances than what is inside it.", nameof(levels));
        }
    }

    /// <summary>What reports call it.</summary>
    public string Name { get; }

    /// <summary>Memory levels, innermost first.</summary>
    public IReadOnlyList<MemoryLevel> Levels { get; }

    /// <summary>The multiply-accumulate array.</summary>
    public MacArray Macs { get; }

    /// <summary>The same with units that profit from narrow operands in another way.</summary>
    public Architecture With(MacRule rule) => new(Name, Levels, Macs with
    {
        Rule = rule,
        OperandWidths = rule == MacRule.Fixed || Macs.OperandWidths.Count > 1 ? Macs.OperandWidths : [2, 4, 8, WordBits],
    });

    /// <summary>Mesh over which one instance of a level fans out to the next level inwards, or to the MACs.</summary>
    /// <returns>Children along X and along Y; 1 and 1 where the level does not fan out.</returns>
    public (int Columns, int Rows) ChildrenOf(int level)
    {
        MemoryLevel parent = Levels[level];
        int columns = level == 0 ? Macs.Columns : Levels[level - 1].Columns;
        int rows = level == 0 ? Macs.Rows : Levels[level - 1].Rows;
        return (columns / parent.Columns, rows / parent.Rows);
    }
}
