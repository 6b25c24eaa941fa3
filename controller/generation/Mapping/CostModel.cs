using System.Runtime.CompilerServices;

namespace InstantNet.Generation.Mapping;

/// <summary>Costs mappings of one layer on one architecture at one choice of bits. Immutable: any number of threads may share one.</summary>
/// <remarks>
/// Mode <c>timeloop</c>: with 16-bit words, <see cref="CycleRounding.Timeloop"/> and no network energies, counts, cycles and energy equal
/// those of NVIDIA Timeloop 3.0.3 (dense, explicit energies, link transfers off). Narrower words then fill capacities, bandwidths and energies in proportion to their bits.
/// Evaluation allocates nothing and counts in 64-bit integers; a mapping whose loops do not multiply to the layer's gives a meaningless cost.
/// </remarks>
public sealed class CostModel
{
    private const int Width = MappingView.Width;
    private readonly LevelPrice[] _prices;
    private readonly int[] _fanLevels;
    private readonly long[] _operandBits;
    private readonly LoopGeometry _geometry;
    private readonly double _macsPerCycle;
    private readonly double _macPicojoules;
    private readonly long _outputs;
    private readonly long _discountBits;
    private readonly bool _roundsAsTimeloop;

    /// <param name="workload">The layer.</param>
    /// <param name="architecture">What it runs on.</param>
    /// <param name="bits">Width of each tensor's words; <see cref="OperandBits.Words"/> for Timeloop's.</param>
    /// <param name="rounding">How stalls are rounded to cycles.</param>
    /// <exception cref="ArgumentException">Timeloop's rounding is asked for with other words than its own.</exception>
    public CostModel(Workload workload, Architecture architecture, OperandBits bits, CycleRounding rounding = CycleRounding.Exact)
    {
        ArgumentNullException.ThrowIfNull(workload);
        ArgumentNullException.ThrowIfNull(architecture);
        ArgumentNullException.ThrowIfNull(bits);
        Workload = workload;
        Architecture = architecture;
        Bits = bits;
        _geometry = new LoopGeometry(workload);
        _prices = [.. architecture.Levels.Select(l => new LevelPrice(l))];
        _fanLevels = [.. Enumerable.Range(0, architecture.Levels.Count).Where(l => architecture.ChildrenOf(l) != (1, 1))];
        _operandBits = [bits.Weights, bits.Inputs, bits.PartialSums];
        _macsPerCycle = architecture.Macs.MacsPerCycle(bits);
        _macPicojoules = architecture.Macs.PicojoulesAt(bits) * workload.MacsPerGroup;
        _outputs = workload.WordsOf(Operand.Outputs);
        _discountBits = _outputs * (bits.PartialSums - bits.Outputs);
        _roundsAsTimeloop = rounding == CycleRounding.Timeloop;
        if (_roundsAsTimeloop && (bits != OperandBits.Words || _macsPerCycle != 1))
            throw new ArgumentException("Timeloop knows words of 16 bits and one multiply-accumulate a cycle only.", nameof(rounding));
    }

    /// <summary>The layer.</summary>
    public Workload Workload { get; }

    /// <summary>What it runs on.</summary>
    public Architecture Architecture { get; }

    /// <summary>Width of each tensor's words.</summary>
    public OperandBits Bits { get; }

    /// <summary>Entries that <see cref="Evaluate"/> writes.</summary>
    public int CountsLength => _prices.Length * AccessCounts.PerLevel;

    /// <summary>Multiply-accumulate units that a mapping uses.</summary>
    public static long UnitsUsed(MappingView mapping)
    {
        long used = 1;
        for (int i = mapping.Orders.Length; i < mapping.Bounds.Length; i++)
        {
            used *= mapping.Bounds[i];
        }

        return used;
    }

    /// <summary>Instances of one level that a mapping uses.</summary>
    public static long InstancesUsed(MappingView mapping, int level)
    {
        int levels = mapping.Keeps.Length;
        long used = 1;
        for (int outer = level + 1; outer < levels; outer++)
        {
            used *= SpatialProduct(mapping, levels, outer);
        }

        return used;
    }

    /// <summary>Costs one mapping.</summary>
    /// <param name="mapping">Loops that multiply to the layer's.</param>
    /// <param name="counts">Receives the words moved per instance, laid out by <see cref="AccessCounts"/>; <see cref="CountsLength"/> entries.</param>
    public Cost Evaluate(MappingView mapping, Span<long> counts) => Count(mapping, counts, []);

    /// <summary>Costs one mapping and says where the cost goes; for reports, since it allocates.</summary>
    public CostBreakdown Breakdown(MappingView mapping)
    {
        int levels = _prices.Length;
        long[] counts = new long[CountsLength];
        double[] networks = new double[levels];
        Count(mapping, counts, networks);
        long macCycles = MacCycles(Workload.MacsPerGroup / UnitsUsed(mapping));
        List<LevelBreakdown> parts = [];
        for (int level = levels - 1; level >= 0; level--)
        {
            ReadOnlySpan<long> words = counts.AsSpan(level * AccessCounts.PerLevel, AccessCounts.PerLevel);
            double price = _prices[level].PicojoulesPerBit * InstancesUsed(mapping, level);
            long finished = level == levels - 1 ? _discountBits : 0;
            parts.Add(new LevelBreakdown(
                Architecture.Levels[level].Name,
                price * (words[0] + words[1]) * _operandBits[0],
                price * (words[3] + words[4]) * _operandBits[1],
                price * (((words[6] + words[7] + words[8]) * _operandBits[2]) - finished),
                networks[level],
                LevelCycles(level, words, macCycles)));
        }

        return new CostBreakdown(_macPicojoules, macCycles, parts);
    }

    [SkipLocalsInit]
    private Cost Count(MappingView mapping, Span<long> counts, Span<double> networks)
    {
        int levels = _prices.Length;
        Span<int> below = stackalloc int[(Architecture.MaxLevels + 1) * Width];
        Span<int> steps = stackalloc int[Architecture.MaxLevels * Width];
        Span<long> transfers = stackalloc long[Architecture.MaxLevels * 3];
        Span<Fanout> fanouts = stackalloc Fanout[Architecture.MaxLevels];
        LoopGeometry.Extents(mapping, levels, below, steps);
        _geometry.Transfers(mapping, levels, below, steps, transfers);
        long units = 1, partition = _outputs;
        foreach (int level in _fanLevels)
        {
            ref Fanout fanout = ref fanouts[level];
            fanout = _geometry.DistinctTiles(mapping, levels, level, below.Slice(level * Width, Width));
            units *= fanout.Children;
            partition /= fanout.Outputs;
        }

        long iterations = Workload.MacsPerGroup / units;
        long macCycles = MacCycles(iterations);
        long cycles = macCycles, instances = units;
        long weights = iterations, inputs = iterations, outputs = iterations;
        double energy = _macPicojoules;
        int nextFan = 0;
        for (int level = 0; level < levels; level++)
        {
            bool outermost = level == levels - 1;
            Span<long> words = counts.Slice(level * AccessCounts.PerLevel, AccessCounts.PerLevel);
            words.Clear();
            if (nextFan < _fanLevels.Length && _fanLevels[nextFan] == level)
            {
                nextFan++;
                double network = _prices[level].NetworkPicojoulesPerBit;
                if (network != 0)
                {
                    network *= instances * NetworkBits(weights, inputs, outputs, partition);
                    energy += network;
                    if (!networks.IsEmpty)
                        networks[level] = network;
                }

                ref readonly Fanout fanout = ref fanouts[level];
                weights *= fanout.Weights;
                inputs *= fanout.Inputs;
                outputs *= fanout.Outputs;
                partition *= fanout.Outputs;
                instances /= fanout.Children;
            }

            int kept = mapping.Keeps[level];
            ReadOnlySpan<long> received = transfers.Slice(level * 3, 3);
            if ((kept & (int)OperandSet.Weights) != 0)
            {
                words[0] = weights;
                weights = received[0];
                words[1] = outermost ? 0 : weights;
            }

            if ((kept & (int)OperandSet.Inputs) != 0)
            {
                words[3] = inputs;
                inputs = received[1];
                words[4] = outermost ? 0 : inputs;
            }

            if ((kept & (int)OperandSet.Outputs) != 0)
            {
                words[6] = outputs - partition;
                words[8] = outputs;
                outputs = received[2];
                words[7] = outermost ? 0 : outputs - partition;
            }

            (long read, long written) = BitsMoved(level, words);
            energy += _prices[level].PicojoulesPerBit * (read + written) * instances;
            cycles = Math.Max(cycles, Cycles(level, words, read, written, macCycles));
        }

        return new Cost(energy, cycles);
    }

    /// <summary>Picojoules that one instance of a level spends on the words moved there.</summary>
    /// <param name="level">Innermost is 0.</param>
    /// <param name="words">The level's nine entries.</param>
    public double LevelEnergy(int level, ReadOnlySpan<long> words)
    {
        (long read, long written) = BitsMoved(level, words);
        return _prices[level].PicojoulesPerBit * (read + written);
    }

    /// <summary>Cycles that a level needs when the units need <paramref name="macCycles"/>.</summary>
    /// <param name="level">Innermost is 0.</param>
    /// <param name="words">The level's nine entries.</param>
    /// <param name="macCycles">Cycles without any stall.</param>
    public long LevelCycles(int level, ReadOnlySpan<long> words, long macCycles)
    {
        (long read, long written) = BitsMoved(level, words);
        return Cycles(level, words, read, written, macCycles);
    }

    /// <summary>Bits that a mapping keeps in one instance of a level.</summary>
    [SkipLocalsInit]
    public long BitsKept(MappingView mapping, int level)
    {
        Span<int> below = stackalloc int[(Architecture.MaxLevels + 1) * Width];
        Span<int> steps = stackalloc int[Architecture.MaxLevels * Width];
        LoopGeometry.Extents(mapping, _prices.Length, below, steps);
        return BitsKept(below.Slice((level + 1) * Width, Width), mapping.Keeps[level]);
    }

    /// <summary>Bits of the tiles of the given extents.</summary>
    /// <param name="extents">Product of the loops at and inside the level, one per dimension.</param>
    /// <param name="keeps">Tensors kept, an <see cref="OperandSet"/>.</param>
    internal long BitsKept(ReadOnlySpan<int> extents, int keeps)
    {
        long bits = 0;
        if ((keeps & (int)OperandSet.Weights) != 0)
            bits += LoopGeometry.WeightTile(extents) * _operandBits[0];
        if ((keeps & (int)OperandSet.Inputs) != 0)
            bits += _geometry.InputTile(extents) * _operandBits[1];
        if ((keeps & (int)OperandSet.Outputs) != 0)
            bits += _geometry.OutputTile(extents) * _operandBits[2];
        return bits;
    }

    private static long SpatialProduct(MappingView mapping, int levels, int level)
    {
        long product = 1;
        for (int d = 0; d < MappingView.Dimensions; d++)
        {
            product *= (long)mapping.Bounds[((levels + level) * Width) + d] * mapping.Bounds[(((2 * levels) + level) * Width) + d];
        }

        return product;
    }

    private long MacCycles(long iterations) => _macsPerCycle == 1 ? iterations : (long)Math.Ceiling(iterations / _macsPerCycle);

    private long Cycles(int level, ReadOnlySpan<long> words, long read, long written, long macCycles)
    {
        ref readonly LevelPrice price = ref _prices[level];
        if (price.IsUnlimited)
            return macCycles;
        return _roundsAsTimeloop ? price.TimeloopCycles(words, macCycles) : Math.Max(macCycles, price.CyclesFor(read, written));
    }

    // The final write to the outermost level is made at the output's own width, everything before it at the partial sum's.
    private (long Read, long Written) BitsMoved(int level, ReadOnlySpan<long> words)
    {
        long psum = _operandBits[2];
        long read = (words[0] * _operandBits[0]) + (words[3] * _operandBits[1]) + (words[6] * psum);
        long written = (words[1] * _operandBits[0]) + (words[4] * _operandBits[1]) + ((words[7] + words[8]) * psum);
        return (read, level == _prices.Length - 1 ? written - _discountBits : written);
    }

    /// <summary>Bits over the links to one child: weights and inputs in, outputs out, and back in except the first time.</summary>
    private long NetworkBits(long weights, long inputs, long outputs, long partition) =>
        (weights * _operandBits[0]) + (inputs * _operandBits[1]) + (((2 * outputs) - partition) * _operandBits[2]);
}
