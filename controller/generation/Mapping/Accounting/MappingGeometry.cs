namespace InstantNet.Generation.Mapping.Accounting;

/// <summary>What the loops of one mapping come to: extents, distinct tiles, words transferred. Owns nothing.</summary>
/// <remarks>Filled by <see cref="CostModel"/>; a change of one level's loop order or of what is kept leaves most of it as it is.</remarks>
internal readonly ref struct MappingGeometry
{
    public const int ExtentsLength = (Architecture.MaxLevels + 1) * MappingView.Width;
    public const int StepsLength = Architecture.MaxLevels * MappingView.Width;
    public const int TransfersLength = (Architecture.MaxLevels + 1) * 3;

    public MappingGeometry(Span<int> below, Span<int> steps, Span<long> transfers, Span<Fanout> fanouts)
    {
        Below = below;
        Steps = steps;
        Transfers = transfers;
        Fanouts = fanouts;
    }

    /// <summary>See <see cref="LoopGeometry.Extents"/>.</summary>
    public Span<int> Below { get; }

    /// <summary>See <see cref="LoopGeometry.Extents"/>.</summary>
    public Span<int> Steps { get; }

    /// <summary>See <see cref="LoopGeometry.Transfers"/>.</summary>
    public Span<long> Transfers { get; }

    /// <summary>Distinct tiles per level that fans out.</summary>
    public Span<Fanout> Fanouts { get; }
}

/// <summary>Keeps the geometry of one mapping from costing to costing. One thread.</summary>
public sealed class CostState
{
    private readonly int[] _below = new int[MappingGeometry.ExtentsLength];
    private readonly int[] _steps = new int[MappingGeometry.StepsLength];
    private readonly long[] _transfers = new long[MappingGeometry.TransfersLength];
    private readonly Fanout[] _fanouts = new Fanout[Architecture.MaxLevels];

    internal MappingGeometry Geometry => new(_below, _steps, _transfers, _fanouts);
}
