using System.Globalization;

namespace InstantNet.Generation.Mapping;

/// <summary>A mapping in the flat form of <see cref="MappingView"/> that owns its numbers. Not safe to change while another thread reads it.</summary>
public sealed class EncodedMapping
{
    private readonly int _levels;

    /// <summary>All loops of bound 1, every level keeping everything.</summary>
    /// <param name="levels">Memory levels.</param>
    public EncodedMapping(int levels)
    {
        _levels = levels;
        Bounds = new int[3 * levels * MappingView.Width];
        Array.Fill(Bounds, 1);
        Orders = new byte[levels * MappingView.Width];
        Keeps = new byte[levels];
        Array.Fill(Keeps, (byte)OperandSet.All);
        for (int i = 0; i < Orders.Length; i++)
        {
            Orders[i] = (byte)(i % MappingView.Width);
        }
    }

    /// <summary>Trip counts, see <see cref="MappingView"/>.</summary>
    public int[] Bounds { get; }

    /// <summary>Loop orders, innermost first, see <see cref="MappingView"/>.</summary>
    public byte[] Orders { get; }

    /// <summary>Tensors kept per level, innermost first.</summary>
    public byte[] Keeps { get; }

    /// <summary>The same numbers, for the cost model.</summary>
    public MappingView View => new(Bounds, Orders, Keeps);

    /// <summary>A mapping of its own with the same numbers.</summary>
    public static EncodedMapping Copy(MappingView mapping)
    {
        EncodedMapping copy = new(mapping.Keeps.Length);
        mapping.Bounds.CopyTo(copy.Bounds);
        mapping.Orders.CopyTo(copy.Orders);
        mapping.Keeps.CopyTo(copy.Keeps);
        return copy;
    }

    /// <summary>Puts a readable dataflow into flat form.</summary>
    /// <exception cref="ArgumentException">
    /// Levels are not those of the architecture, a loop has a bound below 1 or stands twice in a block, or the loops do not multiply
    /// to the layer's; the text says where.
    /// </exception>
    public static EncodedMapping From(Dataflow dataflow, Architecture architecture, Workload workload)
    {
        ArgumentNullException.ThrowIfNull(dataflow);
        ArgumentNullException.ThrowIfNull(architecture);
        ArgumentNullException.ThrowIfNull(workload);
        int levels = architecture.Levels.Count;
        if (dataflow.Levels.Count != levels)
        {
            throw new ArgumentException(
                $"The dataflow has {dataflow.Levels.Count} levels, '{architecture.Name}' has {levels} ({string.Join(", ", architecture.Levels.Select(l => l.Name).Reverse())}).");
        }

        EncodedMapping mapping = new(levels);
        for (int level = 0; level < levels; level++)
        {
            DataflowLevel block = dataflow.Levels[levels - 1 - level];
            if (block.Level != architecture.Levels[level].Name)
                throw new ArgumentException($"The dataflow names '{block.Level}' where '{architecture.Name}' has '{architecture.Levels[level].Name}'.");
            mapping.Put(level, block);
        }

        mapping.CheckProducts(workload, architecture);
        return mapping;
    }

    /// <summary>The readable form; loops of bound 1 are left out.</summary>
    public Dataflow ToDataflow(Architecture architecture)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        List<DataflowLevel> blocks = [];
        for (int level = _levels - 1; level >= 0; level--)
        {
            List<TemporalLoop> temporal = [];
            List<SpatialLoop> spatial = [];
            for (int i = MappingView.Dimensions - 1; i >= 0; i--)
            {
                int dimension = Orders[(level * MappingView.Width) + i];
                if (Temporal(level, dimension) > 1)
                    temporal.Add(new TemporalLoop((Dimension)dimension, Temporal(level, dimension)));
                foreach (MeshAxis axis in (ReadOnlySpan<MeshAxis>)[MeshAxis.X, MeshAxis.Y])
                {
                    if (Spatial(level, axis, i) > 1)
                        spatial.Add(new SpatialLoop((Dimension)i, Spatial(level, axis, i), axis));
                }
            }

            byte kept = Keeps[level];
            Operand[] keeps = [.. Enum.GetValues<Operand>().Where(o => (kept & (1 << (int)o)) != 0)];
            blocks.Add(new DataflowLevel(architecture.Levels[level].Name, keeps, temporal, spatial));
        }

        return new Dataflow(blocks);
    }

    private ref int Temporal(int level, int dimension) => ref Bounds[(level * MappingView.Width) + dimension];

    private ref int Spatial(int level, MeshAxis axis, int dimension) =>
        ref Bounds[((((int)axis + 1) * _levels) + level) * MappingView.Width + dimension];

    private void Put(int level, DataflowLevel block)
    {
        Keeps[level] = (byte)block.Keeps.Aggregate(0, (set, operand) => set | (1 << (int)operand));
        List<byte> order = [];
        foreach (TemporalLoop loop in block.Temporal.Reverse())
        {
            if (order.Contains((byte)loop.Dimension))
                throw new ArgumentException($"Level '{block.Level}' has two temporal loops over {loop.Dimension}.");
            CheckBound(block.Level, loop.Dimension, loop.Bound);
            order.Add((byte)loop.Dimension);
            Temporal(level, (int)loop.Dimension) = loop.Bound;
        }

        for (byte dimension = 0; dimension < MappingView.Width; dimension++)
        {
            if (!order.Contains(dimension))
                order.Add(dimension);
        }

        order.CopyTo(Orders, level * MappingView.Width);
        foreach (SpatialLoop loop in block.Spatial)
        {
            CheckBound(block.Level, loop.Dimension, loop.Bound);
            ref int bound = ref Spatial(level, loop.Axis, (int)loop.Dimension);
            bound = (int)Math.Min(int.MaxValue, (long)bound * loop.Bound);
        }
    }

    private static void CheckBound(string level, Dimension dimension, int bound)
    {
        if (bound < 1)
            throw new ArgumentException($"Level '{level}' has a loop over {dimension} of bound {bound}; the least is 1.");
    }

    private void CheckProducts(Workload workload, Architecture architecture)
    {
        for (int dimension = 0; dimension < MappingView.Dimensions; dimension++)
        {
            decimal product = 1;
            for (int i = dimension; i < Bounds.Length && product <= int.MaxValue; i += MappingView.Width)
            {
                product *= Bounds[i];
            }

            int expected = workload.Bounds[(Dimension)dimension];
            if (product != expected)
                throw new ArgumentException($"The loops over {(Dimension)dimension} multiply to {ProductText(dimension, architecture)}, the layer has {expected}.");
        }
    }

    private string ProductText(int dimension, Architecture architecture)
    {
        List<string> factors = [];
        decimal product = 1;
        for (int level = _levels - 1; level >= 0; level--)
        {
            decimal factor = (decimal)Temporal(level, dimension) * Spatial(level, MeshAxis.X, dimension) * Spatial(level, MeshAxis.Y, dimension);
            product *= factor;
            if (factor != 1)
                factors.Add(string.Create(CultureInfo.InvariantCulture, $"{architecture.Levels[level].Name} {factor}"));
            if (product > long.MaxValue)
                return "far too much";
        }

        string total = product.ToString(CultureInfo.InvariantCulture);
        return factors.Count == 0 ? total : $"{total} ({string.Join(", ", factors)})";
    }
}
