using InstantNet.Generation.Mapping.Search;

namespace InstantNet.Generation.Mapping.Experts;

/// <summary>Writes down where the loops of a family of dataflows may stand on an architecture with an array of units. One thread.</summary>
internal sealed class FlowTemplate
{
    private readonly List<(Dimension, int, MeshAxis?)> _places = [];
    private readonly Dictionary<int, IReadOnlyList<Dimension>> _orders = [];
    private readonly Dictionary<int, OperandSet> _bypasses = [];
    private readonly List<Dimension> _onChip = [];

    /// <param name="architecture">What the family runs on.</param>
    /// <param name="array">The level whose instances fan out to the array.</param>
    public FlowTemplate(Architecture architecture, int array)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        Levels = architecture.Levels.Count;
        Array = array;
        HasStorageInside = array > 0;
    }

    /// <exception cref="ArgumentException">No level of the architecture fans out.</exception>
    public static FlowTemplate OnArrayOf(Architecture architecture, string family)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        int array = Enumerable.Range(0, architecture.Levels.Count).LastOrDefault(l => architecture.ChildrenOf(l) != (1, 1), -1);
        return array >= 0
            ? new FlowTemplate(architecture, array)
            : throw new ArgumentException($"'{architecture.Name}' has no array of units, which the {family} flow needs.");
    }

    /// <summary>The level whose instances fan out to the array.</summary>
    public int Array { get; }

    /// <summary>Whether the units have memories of their own.</summary>
    public bool HasStorageInside { get; }

    private int Levels { get; }

    public FlowTemplate Across(MeshAxis axis, params ReadOnlySpan<Dimension> dimensions) => Put(Array, Array, axis, dimensions);

    /// <summary>Loops inside a unit; where units have no memory, in the array level's own block.</summary>
    public FlowTemplate Inside(params ReadOnlySpan<Dimension> dimensions) =>
        HasStorageInside ? Put(0, Array - 1, null, dimensions) : Put(Array, Array, null, dimensions);

    /// <summary>Loops over what the units do, from the array's level to the one before the outermost.</summary>
    public FlowTemplate OnChip(params ReadOnlySpan<Dimension> dimensions) => Put(Array, Math.Max(Array, Levels - 2), null, dimensions);

    /// <summary>Loops of the outermost level; what fits nowhere else stands there too.</summary>
    public FlowTemplate Outermost(params ReadOnlySpan<Dimension> dimensions) => Put(Levels - 1, Levels - 1, null, dimensions);

    /// <summary>Order of the array level's loops, innermost first.</summary>
    public FlowTemplate OrderAtArray(params IReadOnlyList<Dimension> innermostFirst)
    {
        _orders[Array] = innermostFirst;
        return this;
    }

    /// <summary>Order of the loops of all levels outside the array's, innermost first.</summary>
    public FlowTemplate OrderOutside(params IReadOnlyList<Dimension> innermostFirst)
    {
        for (int level = Array + 1; level < Levels; level++)
        {
            _orders[level] = innermostFirst;
        }

        return this;
    }

    /// <summary>Which tensors pass by the array's level, of those that the architecture lets pass; everything is kept elsewhere.</summary>
    public FlowTemplate PassAtArray(OperandSet passing)
    {
        for (int level = 0; level < Levels; level++)
        {
            _bypasses[level] = level == Array ? passing : OperandSet.None;
        }

        return this;
    }

    /// <summary>Loops that must not stand in the outermost level.</summary>
    public FlowTemplate NeverOutermost(params ReadOnlySpan<Dimension> dimensions)
    {
        _onChip.AddRange(dimensions);
        return this;
    }

    public FlowConstraints Build(string name) => new(name, _places, _orders, _bypasses, _onChip);

    private FlowTemplate Put(int first, int last, MeshAxis? axis, ReadOnlySpan<Dimension> dimensions)
    {
        for (int level = first; level <= last; level++)
        {
            foreach (Dimension dimension in dimensions)
            {
                _places.Add((dimension, level, axis));
            }
        }

        return this;
    }
}
