namespace InstantNet.Generation.Mapping.Search;

/// <summary>What a family of dataflows leaves open: where each loop may be tiled, and which loop orders are fixed. Immutable.</summary>
/// <remarks>The outermost temporal block always takes what does not fit elsewhere, except loops that must stay on chip, so that every layer has a mapping.</remarks>
public sealed class FlowConstraints
{
    private readonly HashSet<(Dimension, int, MeshAxis?)>? _places;
    private readonly Dictionary<int, IReadOnlyList<Dimension>> _orders;
    private readonly Dictionary<int, OperandSet> _bypasses;
    private readonly HashSet<Dimension> _onChip;

    /// <param name="name">What reports call the family.</param>
    /// <param name="places">Blocks in which a loop may stand: level (innermost is 0) and axis, null for temporal; null allows every place.</param>
    /// <param name="orders">Levels whose loop order is fixed, innermost loop first; dimensions left out follow outside.</param>
    /// <param name="bypasses">Levels whose bypass is fixed: the tensors that pass by, of those that the architecture lets pass.</param>
    /// <param name="onChip">Loops that must not stand in the outermost block.</param>
    public FlowConstraints(
        string name,
        IEnumerable<(Dimension Dimension, int Level, MeshAxis? Axis)>? places = null,
        IReadOnlyDictionary<int, IReadOnlyList<Dimension>>? orders = null,
        IReadOnlyDictionary<int, OperandSet>? bypasses = null,
        IReadOnlyList<Dimension>? onChip = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
        _places = places?.ToHashSet();
        _orders = orders is null ? [] : new Dictionary<int, IReadOnlyList<Dimension>>(orders);
        _bypasses = bypasses is null ? [] : new Dictionary<int, OperandSet>(bypasses);
        _onChip = [.. onChip ?? []];
    }

    /// <summary>Every tiling, order and, where the architecture allows it, bypass.</summary>
    public static FlowConstraints None { get; } = new("free");

    /// <summary>What reports call the family.</summary>
    public string Name { get; }

    /// <summary>Whether a loop may stand in a block.</summary>
    public bool Allows(Dimension dimension, int level, MeshAxis? axis) => _places is null || _places.Contains((dimension, level, axis));

    /// <summary>Whether a loop must not stand in the outermost block.</summary>
    public bool StaysOnChip(Dimension dimension) => _onChip.Contains(dimension);

    /// <summary>The fixed order of a level's loops, innermost first; empty when the search is free to choose.</summary>
    public IReadOnlyList<Dimension> OrderOf(int level) => _orders.TryGetValue(level, out IReadOnlyList<Dimension>? order) ? order : [];

    /// <summary>The tensors that pass by a level; null when the search is free to choose.</summary>
    public OperandSet? BypassAt(int level) => _bypasses.TryGetValue(level, out OperandSet passing) ? passing : null;
}
