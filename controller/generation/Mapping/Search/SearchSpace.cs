using InstantNet.Generation.Mapping.Accounting;

namespace InstantNet.Generation.Mapping.Search;

/// <summary>All legal mappings of one layer on one architecture at one choice of bits. Immutable; threads may share it.</summary>
/// <remarks>Tilings are exact: the factors of a loop over all blocks multiply to its bound.</remarks>
public sealed class SearchSpace
{
    private const int Width = MappingView.Width;
    private readonly int[][] _primes;
    private readonly uint[] _allowed;
    private readonly long[] _capacityBits;
    private readonly byte[] _walks = new byte[Width];

    /// <param name="model">Prices the mappings.</param>
    /// <param name="constraints">What the family of dataflows leaves open.</param>
    /// <exception cref="ArgumentException">A level cannot hold a single word of each tensor that it must keep.</exception>
    public SearchSpace(CostModel model, FlowConstraints constraints)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(constraints);
        Model = model;
        Constraints = constraints;
        Architecture architecture = model.Architecture;
        Levels = architecture.Levels.Count;
        Template = MakeTemplate(architecture, constraints);
        Slots = MakeSlots(architecture);
        _capacityBits = [.. architecture.Levels.Select(l => l.CapacityWords is long words ? words * Architecture.WordBits : long.MaxValue)];
        _primes = [.. Enum.GetValues<Dimension>().Select(d => PrimeFactors(model.Workload.Bounds[d]))];
        _allowed = [.. Enum.GetValues<Dimension>().Select(d => AllowedSlots(d, architecture))];
        OpenDimensions = [.. Enumerable.Range(0, MappingView.Dimensions).Where(d => _primes[d].Length > 0)];
        int innermost = (model.Effects & PhysicalEffects.OperandRegisters) != 0 ? 0 : 1;
        OpenOrders = [.. Enumerable.Range(innermost, Levels - innermost).Where(l => constraints.OrderOf(l).Count == 0)];
        OpenBypasses = [.. Enumerable.Range(0, Levels).Where(l => architecture.Levels[l].MayBypass != OperandSet.None && constraints.BypassAt(l) is null)];
        foreach (Dimension dimension in Enum.GetValues<Dimension>())
        {
            _walks[(int)dimension] = (byte)Enum.GetValues<Operand>().Sum(o => model.Workload.Walks(dimension, o) ? 1 << (int)o : 0);
        }

        CheckSmallestTilesFit(architecture);
    }

    /// <summary>Prices the mappings.</summary>
    public CostModel Model { get; }

    /// <summary>What the family of dataflows leaves open.</summary>
    public FlowConstraints Constraints { get; }

    internal int Levels { get; }

    /// <summary>All loops of bound 1, in the fixed orders, everything kept: what each new mapping starts from.</summary>
    internal EncodedMapping Template { get; }

    /// <summary>Temporal blocks by level, then the spatial ones.</summary>
    internal TilingSlot[] Slots { get; }

    /// <summary>Dimensions whose bound is above 1.</summary>
    internal int[] OpenDimensions { get; }

    /// <summary>Levels whose loop order may change and matters: the innermost one's does with operand registers only.</summary>
    internal int[] OpenOrders { get; }

    /// <summary>Levels that a tensor may pass by.</summary>
    internal int[] OpenBypasses { get; }

    /// <summary>Whether a mapping breaks no capacity, mesh or loop product.</summary>
    public bool IsLegal(MappingView mapping)
    {
        foreach (Dimension dimension in Enum.GetValues<Dimension>())
        {
            long product = 1;
            for (int i = (int)dimension; i < mapping.Bounds.Length; i += Width)
            {
                product *= mapping.Bounds[i];
            }

            if (product != Model.Workload.Bounds[dimension])
                return false;
        }

        for (int level = 0; level < Levels; level++)
        {
            (int columns, int rows) = Model.Architecture.ChildrenOf(level);
            if (ProductOf(mapping.Bounds, (Levels + level) * Width) > columns || ProductOf(mapping.Bounds, ((2 * Levels) + level) * Width) > rows)
                return false;
            if (Model.BitsKept(mapping, level) > _capacityBits[level])
                return false;
        }

        return true;
    }

    internal ReadOnlySpan<int> PrimesOf(int dimension) => _primes[dimension];

    /// <summary>Level whose temporal block takes the factors of a dimension that fit nowhere else.</summary>
    internal int HomeOf(int dimension) => Constraints.StaysOnChip((Dimension)dimension) ? Levels - 2 : Levels - 1;

    /// <summary>Slots in which a dimension may stand, one bit each.</summary>
    internal uint AllowedFor(int dimension) => _allowed[dimension];

    internal long CapacityBits(int level) => _capacityBits[level];

    /// <summary>Tensors that a dimension walks over, an <see cref="OperandSet"/>.</summary>
    internal int WalksOf(int dimension) => _walks[dimension];

    internal static long ProductOf(ReadOnlySpan<int> bounds, int row)
    {
        long product = 1;
        foreach (int bound in bounds.Slice(row, Width))
        {
            product *= bound;
        }

        return product;
    }

    private static EncodedMapping MakeTemplate(Architecture architecture, FlowConstraints constraints)
    {
        EncodedMapping template = new(architecture.Levels.Count);
        for (int level = 0; level < architecture.Levels.Count; level++)
        {
            MemoryLevel memory = architecture.Levels[level];
            template.Keeps[level] = (byte)(memory.Keeps & ~(memory.MayBypass & (constraints.BypassAt(level) ?? OperandSet.None)));
            byte[] order = [.. constraints.OrderOf(level).Select(d => (byte)d), .. Enumerable.Range(0, Width).Select(d => (byte)d)];
            order.Distinct().ToArray().CopyTo(template.Orders, level * Width);
        }

        return template;
    }

    private static TilingSlot[] MakeSlots(Architecture architecture)
    {
        int levels = architecture.Levels.Count;
        List<TilingSlot> slots = [.. Enumerable.Range(0, levels).Select(l => new TilingSlot(l * Width, l, int.MaxValue))];
        for (int level = 0; level < levels; level++)
        {
            (int columns, int rows) = architecture.ChildrenOf(level);
            if (columns > 1)
                slots.Add(new TilingSlot((levels + level) * Width, level, columns));
            if (rows > 1)
                slots.Add(new TilingSlot(((2 * levels) + level) * Width, level, rows));
        }

        return [.. slots];
    }

    /// <summary>Prime factors with repetition, rising.</summary>
    private static int[] PrimeFactors(int number)
    {
        List<int> primes = [];
        for (int p = 2; p <= number / p; p++)
        {
            for (; number % p == 0; number /= p)
            {
                primes.Add(p);
            }
        }

        return number > 1 ? [.. primes, number] : [.. primes];
    }

    private uint AllowedSlots(Dimension dimension, Architecture architecture)
    {
        uint mask = 1u << HomeOf((int)dimension);
        for (int slot = 0; slot < Slots.Length; slot++)
        {
            int row = Slots[slot].Row / Width;
            MeshAxis? axis = row < Levels ? null : row < 2 * Levels ? MeshAxis.X : MeshAxis.Y;
            bool used = axis is null || Slots[slot].Limit > 1;
            bool isForbidden = Slots[slot].Level == Levels - 1 && Constraints.StaysOnChip(dimension);
            if (used && !isForbidden && Constraints.Allows(dimension, Slots[slot].Level, axis))
                mask |= 1u << slot;
        }

        return mask;
    }

    private void CheckSmallestTilesFit(Architecture architecture)
    {
        EncodedMapping smallest = EncodedMapping.Copy(Template.View);
        for (int dimension = 0; dimension < MappingView.Dimensions; dimension++)
        {
            smallest.Bounds[(HomeOf(dimension) * Width) + dimension] = Model.Workload.Bounds[(Dimension)dimension];
        }

        for (int level = 0; level < Levels - 1; level++)
        {
            long least = Model.BitsKept(smallest.View, level);
            if (least > _capacityBits[level])
            {
                throw new ArgumentException(
                    $"Level '{architecture.Levels[level].Name}' of '{architecture.Name}' holds {_capacityBits[level]} bits; the smallest tile of this layer takes {least}.");
            }
        }
    }
}
