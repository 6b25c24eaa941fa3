using System.Runtime.CompilerServices;

namespace InstantNet.Generation.Mapping;

/// <summary>Costs mappings of one layer on one architecture at one choice of bits. Immutable: any number of threads may share one.</summary>
/// <remarks>
/// Mode <c>timeloop</c>: with 16-bit words, <see cref="CycleRounding.Timeloop"/> and <see cref="PhysicalEffects.None"/>, counts, cycles and
/// energy equal those of NVIDIA Timeloop 3.0.3 (dense, explicit energies, link transfers off). Narrower words fill capacities, bandwidths and
/// energies in proportion to their bits. Mode <c>physical</c> switches on what Timeloop leaves out, effect by effect.
/// Evaluation allocates nothing and counts in 64-bit integers; a mapping whose loops do not multiply to the layer's gives a meaningless cost.
/// </remarks>
public sealed class CostModel
{
    private const int Width = MappingView.Width;
    private readonly LevelPrice[] _prices;
    private readonly int[] _fanLevels;
    private readonly long[] _operandBits;
    private readonly LoopGeometry _geometry;
    private readonly PhysicalEffects _effects;
    private readonly double _macsPerCycle;
    private readonly double _macPicojoules;
    private readonly double _addPicojoules;
    private readonly long _outputs;
    private readonly long _discountBits;
    private readonly bool _roundsAsTimeloop;
    private readonly OperandSet _handedOver;

    /// <param name="workload">The layer.</param>
    /// <param name="architecture">What it runs on.</param>
    /// <param name="bits">Width of each tensor's words; <see cref="OperandBits.Words"/> for Timeloop's.</param>
    /// <param name="rounding">How stalls are rounded to cycles.</param>
    /// <param name="effects">What is charged beyond Timeloop's accounting.</param>
    /// <exception cref="ArgumentException">Timeloop's rounding is asked for with other words than its own.</exception>
    public CostModel(
        Workload workload, Architecture architecture, OperandBits bits, CycleRounding rounding = CycleRounding.Exact,
        PhysicalEffects effects = PhysicalEffects.NetworkDeliveries)
    {
        ArgumentNullException.ThrowIfNull(workload);
        ArgumentNullException.ThrowIfNull(architecture);
        ArgumentNullException.ThrowIfNull(bits);
        Workload = workload;
        Architecture = architecture;
        Bits = bits;
        Effects = effects;
        _effects = effects;
        _geometry = new LoopGeometry(workload, effects);
        _prices = [.. architecture.Levels.Select(l => new LevelPrice(l))];
        _fanLevels = [.. Enumerable.Range(0, architecture.Levels.Count).Where(l => architecture.ChildrenOf(l) != (1, 1))];
        _operandBits = [bits.Weights, bits.Inputs, bits.PartialSums];
        _macsPerCycle = architecture.Macs.MacsPerCycle(bits);
        _macPicojoules = architecture.Macs.PicojoulesAt(bits) * workload.MacsPerGroup;
        _addPicojoules = Has(PhysicalEffects.SpatialAdders) ? architecture.Macs.PicojoulesPerAdd(bits) : 0;
        _outputs = workload.WordsOf(Operand.Outputs);
        _discountBits = _outputs * (bits.PartialSums - bits.Outputs);
        _handedOver = architecture.Levels[^1].HandedOver;
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

    /// <summary>What is charged beyond Timeloop's accounting.</summary>
    public PhysicalEffects Effects { get; }

    /// <summary>How often a cost has to be paid for the whole layer: its groups, unless they are in the cost already.</summary>
    public int Repeats => Has(PhysicalEffects.AllGroups) ? 1 : Workload.Groups;

    /// <summary>Entries that <see cref="Evaluate"/> writes.</summary>
    public int CountsLength => _prices.Length * AccessCounts.PerLevel;

    /// <summary>Multiply-accumulate units that a mapping uses.</summary>
    public static long UnitsUsed(MappingView mapping) => InstancesUsed(mapping, -1);

    /// <summary>Instances of one level that a mapping uses; level -1 is the units.</summary>
    public static long InstancesUsed(MappingView mapping, int level)
    {
        int levels = mapping.Keeps.Length;
        long used = 1;
        for (int outer = level + 1; outer < levels; outer++)
        {
            for (int d = 0; d < MappingView.Dimensions; d++)
            {
                used *= (long)mapping.Bounds[((levels + outer) * Width) + d] * mapping.Bounds[(((2 * levels) + outer) * Width) + d];
            }
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
            long instances = InstancesUsed(mapping, level), finished = level == levels - 1 ? _discountBits : 0;
            parts.Add(new LevelBreakdown(
                Architecture.Levels[level].Name,
                PriceOf(level, OperandSet.Weights) * instances * (words[0] + words[1]) * _operandBits[0],
                PriceOf(level, OperandSet.Inputs) * instances * (words[3] + words[4]) * _operandBits[1],
                PriceOf(level, OperandSet.Outputs) * instances * (((words[6] + words[7] + words[8]) * _operandBits[2]) - finished),
                networks[level],
                LevelCycles(level, words, macCycles)));
        }

        CostBreakdown one = new(_macPicojoules, macCycles, parts);
        return Has(PhysicalEffects.AllGroups) ? one.Times(Workload.Groups) : one;
    }

    /// <summary>Part of the units' time that does work, 0..1.</summary>
    /// <param name="mapping">The mapping.</param>
    /// <param name="cost">What <see cref="Evaluate"/> said of it.</param>
    /// <remarks>Idle units and stalls count against it, as in Timeloop, unless <see cref="PhysicalEffects.BusyUtilization"/> is on.</remarks>
    public double Utilization(MappingView mapping, Cost cost)
    {
        long units = UnitsUsed(mapping);
        if (Has(PhysicalEffects.BusyUtilization))
            return Workload.MacsPerGroup / (_macsPerCycle * units * MacCycles(Workload.MacsPerGroup / units));
        double groups = Has(PhysicalEffects.AllGroups) ? Workload.Groups : 1;
        return groups * Workload.MacsPerGroup / (_macsPerCycle * Architecture.Macs.Count * cost.Cycles);
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

    /// <summary>Bits of room that a mapping needs in one instance of a level.</summary>
    [SkipLocalsInit]
    public long BitsKept(MappingView mapping, int level)
    {
        Span<int> below = stackalloc int[(Architecture.MaxLevels + 1) * Width];
        Span<int> steps = stackalloc int[Architecture.MaxLevels * Width];
        LoopGeometry.Extents(mapping, _prices.Length, below, steps);
        return BitsKept(below.Slice((level + 1) * Width, Width), mapping.Keeps[level]);
    }

    /// <summary>Bits of room for the tiles of the given extents.</summary>
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
        return Has(PhysicalEffects.DoubleBuffers) ? 2 * bits : bits;
    }

    [SkipLocalsInit]
    private Cost Count(MappingView mapping, Span<long> counts, Span<double> networks)
    {
        int levels = _prices.Length;
        Span<int> below = stackalloc int[(Architecture.MaxLevels + 1) * Width];
        Span<int> steps = stackalloc int[Architecture.MaxLevels * Width];
        Span<long> transfers = stackalloc long[(Architecture.MaxLevels + 1) * 3];
        Span<Fanout> fanouts = stackalloc Fanout[Architecture.MaxLevels];
        bool hasRegisters = Has(PhysicalEffects.OperandRegisters);
        LoopGeometry.Extents(mapping, levels, below, steps);
        _geometry.Transfers(mapping, levels, hasRegisters ? 0 : 1, below, steps, transfers);
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
        if (hasRegisters)
            (weights, inputs, outputs) = (transfers[0], transfers[1], transfers[2]);
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
                ref readonly Fanout fanout = ref fanouts[level];
                long parents = instances / fanout.Children;
                double network = Deliveries(level, instances, weights, inputs, outputs, partition)
                    + (_addPicojoules * parents * outputs * (fanout.Children - fanout.Outputs));
                energy += network;
                if (!networks.IsEmpty)
                    networks[level] = network;
                weights *= fanout.Weights;
                inputs = fanout.InputsPer == 1 ? inputs * fanout.Inputs : (long)((Int128)inputs * fanout.Inputs / fanout.InputsPer);
                outputs *= fanout.Outputs;
                partition *= fanout.Outputs;
                instances = parents;
            }

            int kept = mapping.Keeps[level];
            ReadOnlySpan<long> received = transfers.Slice((level + 1) * 3, 3);
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
                long first = Has(PhysicalEffects.FirstSumReads) ? 0 : partition;
                words[6] = outputs - first;
                words[8] = outputs;
                outputs = received[2];
                words[7] = outermost ? 0 : outputs - first;
                if (!outermost && Has(PhysicalEffects.DrainReads))
                    words[6] += outputs;
            }

            (long read, long written) = BitsMoved(level, words);
            energy += _prices[level].PicojoulesPerBit * (read + written) * instances;
            if (outermost && _handedOver != OperandSet.None)
                energy += _prices[level].HandoverPicojoulesPerBit * HandedBits(words);
            cycles = Math.Max(cycles, Cycles(level, words, read, written, macCycles));
            if (Has(PhysicalEffects.TileBandwidth) && level > 0)
                cycles = Math.Max(cycles, SteppedCycles(level, words, below.Slice(level * Width, Width), mapping.Keeps[level - 1], macCycles));
        }

        if (Has(PhysicalEffects.DoubleBuffers))
            cycles += FirstAndLastTile(below, mapping.Keeps);
        return Has(PhysicalEffects.AllGroups) ? new Cost(energy * Workload.Groups, cycles * Workload.Groups) : new Cost(energy, cycles);
    }

    private bool Has(PhysicalEffects effect) => (_effects & effect) != 0;

    private long MacCycles(long iterations) => _macsPerCycle == 1 ? iterations : (long)Math.Ceiling(iterations / _macsPerCycle);

    private long Cycles(int level, ReadOnlySpan<long> words, long read, long written, long macCycles)
    {
        ref readonly LevelPrice price = ref _prices[level];
        if (price.IsUnlimited)
            return macCycles;
        return _roundsAsTimeloop ? price.TimeloopCycles(words, macCycles) : Math.Max(macCycles, price.CyclesFor(read, written));
    }

    /// <summary>Cycles when each step waits for the tiles that it needs: the tensor that changes most often sets the steps, the others arrive at some of them.</summary>
    private long SteppedCycles(int level, ReadOnlySpan<long> words, ReadOnlySpan<int> child, int kept, long macCycles)
    {
        if (_prices[level].IsUnlimited)
            return macCycles;
        long weightSteps = Steps(words[0], LoopGeometry.WeightTile(child), kept & (int)OperandSet.Weights);
        long inputSteps = Steps(words[3], _geometry.InputTile(child), kept & (int)OperandSet.Inputs);
        long steps = Math.Max(weightSteps, inputSteps);
        long both = Math.Min(weightSteps, inputSteps);
        if (both == 0)
            return macCycles;
        double step = (double)macCycles / steps;
        double weightCycles = _prices[level].CyclesFor(words[0] * _operandBits[0], 0) / (double)weightSteps;
        double inputCycles = _prices[level].CyclesFor(words[3] * _operandBits[1], 0) / (double)inputSteps;
        double frequent = weightSteps >= inputSteps ? weightCycles : inputCycles;
        return (long)Math.Ceiling((both * Math.Max(step, weightCycles + inputCycles)) + ((steps - both) * Math.Max(step, frequent)));
    }

    private static long Steps(long words, long tile, int kept) => kept == 0 ? 0 : Math.Max(1, words / tile);

    /// <summary>Cycles to load the first tiles level by level, and to drain the last outputs.</summary>
    private long FirstAndLastTile(ReadOnlySpan<int> below, ReadOnlySpan<byte> keeps)
    {
        long cycles = 0;
        for (int level = 1; level < _prices.Length; level++)
        {
            if (_prices[level].IsUnlimited)
                continue;
            ReadOnlySpan<int> tile = below.Slice(level * Width, Width);
            int kept = keeps[level - 1];
            long read = ((kept & (int)OperandSet.Weights) != 0 ? LoopGeometry.WeightTile(tile) * _operandBits[0] : 0)
                + ((kept & (int)OperandSet.Inputs) != 0 ? _geometry.InputTile(tile) * _operandBits[1] : 0);
            long written = (kept & (int)OperandSet.Outputs) != 0 ? _geometry.OutputTile(tile) * _operandBits[2] : 0;
            cycles += _prices[level].CyclesFor(read, 0) + _prices[level].CyclesFor(0, written);
        }

        return cycles;
    }

    // The final write to the outermost level is made at the output's own width, everything before it at the partial sum's.
    private (long Read, long Written) BitsMoved(int level, ReadOnlySpan<long> words)
    {
        long psum = _operandBits[2];
        long read = (words[0] * _operandBits[0]) + (words[3] * _operandBits[1]) + (words[6] * psum);
        long written = (words[1] * _operandBits[0]) + (words[4] * _operandBits[1]) + ((words[7] + words[8]) * psum);
        if (level < _prices.Length - 1)
            return (read, written);
        written -= _discountBits;
        return _handedOver == OperandSet.None ? (read, written) : WithoutHanded(words, read, written);
    }

    /// <summary>What still crosses the outermost level when neighbours hand tensors over on chip.</summary>
    private (long Read, long Written) WithoutHanded(ReadOnlySpan<long> words, long read, long written)
    {
        if ((_handedOver & OperandSet.Inputs) != 0)
            read -= words[3] * _operandBits[1];
        if ((_handedOver & OperandSet.Outputs) != 0)
            (read, written) = (read - (words[6] * _operandBits[2]), written - (words[8] * _operandBits[2]) + _discountBits);
        return (read, written);
    }

    private long HandedBits(ReadOnlySpan<long> words) =>
        ((_handedOver & OperandSet.Inputs) != 0 ? words[3] * _operandBits[1] : 0)
        + ((_handedOver & OperandSet.Outputs) != 0 ? ((words[6] + words[8]) * _operandBits[2]) - _discountBits : 0);

    private double PriceOf(int level, OperandSet operand) => level == _prices.Length - 1 && (_handedOver & operand) != 0
        ? _prices[level].HandoverPicojoulesPerBit
        : _prices[level].PicojoulesPerBit;

    /// <summary>Picojoules over the links to all children: weights and inputs in, outputs out, and back in except the first time.</summary>
    private double Deliveries(int level, long instances, long weights, long inputs, long outputs, long partition)
    {
        double price = _prices[level].NetworkPicojoulesPerBit;
        return price == 0 || !Has(PhysicalEffects.NetworkDeliveries)
            ? 0
            : price * instances * ((weights * _operandBits[0]) + (inputs * _operandBits[1]) + (((2 * outputs) - partition) * _operandBits[2]));
    }
}
