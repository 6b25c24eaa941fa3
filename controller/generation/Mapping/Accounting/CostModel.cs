using System.Runtime.CompilerServices;

namespace InstantNet.Generation.Mapping.Accounting;

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
    private readonly int _levels;
    private readonly int[] _fanLevels;
    private readonly LoopGeometry _geometry;
    private readonly LevelAccounting _accounting;
    private readonly TileTiming _timing;
    private readonly double _macsPerCycle;
    private readonly double _macPicojoules;
    private readonly double _addPicojoules;
    private readonly long _outputs;

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
        _geometry = new LoopGeometry(workload, effects);
        _levels = architecture.Levels.Count;
        _fanLevels = [.. Enumerable.Range(0, _levels).Where(l => architecture.ChildrenOf(l) != (1, 1))];
        _accounting = new LevelAccounting(workload, architecture, bits, rounding);
        _timing = new TileTiming(_geometry, _accounting, bits);
        _macsPerCycle = architecture.Macs.MacsPerCycle(bits);
        _macPicojoules = architecture.Macs.PicojoulesAt(bits) * workload.MacsPerGroup;
        _addPicojoules = Has(PhysicalEffects.SpatialAdders) ? architecture.Macs.PicojoulesPerAdd(bits) : 0;
        _outputs = workload.WordsOf(Operand.Outputs);
        if (rounding == CycleRounding.Timeloop && (bits != OperandBits.Words || _macsPerCycle != 1))
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

    /// <summary>Entries that <see cref="Evaluate(MappingView, Span{long})"/> writes.</summary>
    public int CountsLength => _levels * AccessCounts.PerLevel;

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
    [SkipLocalsInit]
    public Cost Evaluate(MappingView mapping, Span<long> counts)
    {
        MappingGeometry geometry = new(
            stackalloc int[MappingGeometry.ExtentsLength], stackalloc int[MappingGeometry.StepsLength],
            stackalloc long[MappingGeometry.TransfersLength], stackalloc Fanout[Architecture.MaxLevels]);
        Measure(mapping, geometry);
        return Charge(mapping, counts, [], geometry);
    }

    /// <summary>Costs one mapping and keeps what its variants have in common with it.</summary>
    /// <param name="mapping">Loops that multiply to the layer's.</param>
    /// <param name="counts">As for the other overload.</param>
    /// <param name="state">Receives the geometry.</param>
    public Cost Evaluate(MappingView mapping, Span<long> counts, CostState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Measure(mapping, state.Geometry);
        return Charge(mapping, counts, [], state.Geometry);
    }

    /// <summary>Costs a variant that has the same tiles: only the order of one level's loops, or what levels keep, is another.</summary>
    /// <param name="mapping">The variant.</param>
    /// <param name="counts">As for <see cref="Evaluate(MappingView, Span{long})"/>.</param>
    /// <param name="state">Of a mapping with the same bounds and, at all other levels, the same orders; updated to the variant's.</param>
    /// <param name="level">The level whose loops were reordered.</param>
    public Cost Reorder(MappingView mapping, Span<long> counts, CostState state, int level)
    {
        ArgumentNullException.ThrowIfNull(state);
        MappingGeometry geometry = state.Geometry;
        _geometry.Transfers(mapping, _levels, FirstRow, level, geometry.Below, geometry.Steps, geometry.Transfers);
        return Charge(mapping, counts, [], geometry);
    }

    /// <summary>Costs one mapping and says where the cost goes; for reports, since it allocates.</summary>
    public CostBreakdown Breakdown(MappingView mapping)
    {
        long[] counts = new long[CountsLength];
        double[] networks = new double[_levels];
        CostState state = new();
        Measure(mapping, state.Geometry);
        Charge(mapping, counts, networks, state.Geometry);
        long macCycles = MacCycles(Workload.MacsPerGroup / UnitsUsed(mapping));
        List<LevelBreakdown> parts = [];
        for (int level = _levels - 1; level >= 0; level--)
        {
            ReadOnlySpan<long> words = counts.AsSpan(level * AccessCounts.PerLevel, AccessCounts.PerLevel);
            long instances = InstancesUsed(mapping, level);
            (double weights, double inputs, double outputs) = _accounting.ByTensor(level, words);
            parts.Add(new LevelBreakdown(
                Architecture.Levels[level].Name, weights * instances, inputs * instances, outputs * instances, networks[level],
                _accounting.Charge(level, words, macCycles).Cycles));
        }

        CostBreakdown one = new(_macPicojoules, macCycles, parts);
        return Has(PhysicalEffects.AllGroups) ? one.Times(Workload.Groups) : one;
    }

    /// <summary>Part of the units' time that does work, 0..1.</summary>
    /// <param name="mapping">The mapping.</param>
    /// <param name="cost">What <see cref="Evaluate(MappingView, Span{long})"/> said of it.</param>
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
    public double LevelEnergy(int level, ReadOnlySpan<long> words) => _accounting.Charge(level, words, 0).Picojoules;

    /// <summary>Cycles that a level needs when the units need <paramref name="macCycles"/>.</summary>
    /// <param name="level">Innermost is 0.</param>
    /// <param name="words">The level's nine entries.</param>
    /// <param name="macCycles">Cycles without any stall.</param>
    public long LevelCycles(int level, ReadOnlySpan<long> words, long macCycles) => _accounting.Charge(level, words, macCycles).Cycles;

    /// <summary>Bits of room that a mapping needs in one instance of a level.</summary>
    [SkipLocalsInit]
    public long BitsKept(MappingView mapping, int level)
    {
        Span<int> below = stackalloc int[MappingGeometry.ExtentsLength];
        Span<int> steps = stackalloc int[MappingGeometry.StepsLength];
        LoopGeometry.Extents(mapping, _levels, below, steps);
        return BitsKept(below.Slice((level + 1) * Width, Width), mapping.Keeps[level]);
    }

    /// <summary>Bits of room for the tiles of the given extents.</summary>
    /// <param name="extents">Product of the loops at and inside the level, one per dimension.</param>
    /// <param name="keeps">Tensors kept, an <see cref="OperandSet"/>.</param>
    internal long BitsKept(ReadOnlySpan<int> extents, int keeps)
    {
        long bits = 0;
        if ((keeps & (int)OperandSet.Weights) != 0)
            bits += LoopGeometry.WeightTile(extents) * Bits.Weights;
        if ((keeps & (int)OperandSet.Inputs) != 0)
            bits += _geometry.InputTile(extents) * Bits.Inputs;
        if ((keeps & (int)OperandSet.Outputs) != 0)
            bits += _geometry.OutputTile(extents) * Bits.PartialSums;
        return Has(PhysicalEffects.DoubleBuffers) ? 2 * bits : bits;
    }

    private int FirstRow => Has(PhysicalEffects.OperandRegisters) ? 0 : 1;

    private void Measure(MappingView mapping, MappingGeometry geometry)
    {
        LoopGeometry.Extents(mapping, _levels, geometry.Below, geometry.Steps);
        _geometry.Transfers(mapping, _levels, FirstRow, _levels, geometry.Below, geometry.Steps, geometry.Transfers);
        foreach (int level in _fanLevels)
        {
            geometry.Fanouts[level] = _geometry.DistinctTiles(mapping, _levels, level, geometry.Below.Slice(level * Width, Width));
        }
    }

    private Cost Charge(MappingView mapping, Span<long> counts, Span<double> networks, MappingGeometry geometry)
    {
        int levels = _levels;
        ReadOnlySpan<int> below = geometry.Below;
        ReadOnlySpan<long> transfers = geometry.Transfers;
        ReadOnlySpan<Fanout> fanouts = geometry.Fanouts;
        long units = 1, partition = _outputs;
        foreach (int level in _fanLevels)
        {
            units *= fanouts[level].Children;
            partition /= fanouts[level].Outputs;
        }

        long iterations = Workload.MacsPerGroup / units;
        long macCycles = MacCycles(iterations);
        long cycles = macCycles, instances = units;
        long weights = iterations, inputs = iterations, outputs = iterations;
        if (Has(PhysicalEffects.OperandRegisters))
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
                inputs = fanout.InputsGiven(inputs, areTiles: level > 0 && (mapping.Keeps[level - 1] & (int)OperandSet.Inputs) != 0);
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

            (double picojoules, long needed) = _accounting.Charge(level, words, macCycles);
            energy += picojoules * instances;
            cycles = Math.Max(cycles, needed);
            if (Has(PhysicalEffects.TileBandwidth) && level > 0)
                cycles = Math.Max(cycles, _timing.SteppedCycles(level, words, below.Slice(level * Width, Width), mapping.Keeps[level - 1], macCycles));
        }

        if (Has(PhysicalEffects.DoubleBuffers))
            cycles += _timing.FirstAndLastTile(below, mapping.Keeps);
        return Has(PhysicalEffects.AllGroups) ? new Cost(energy * Workload.Groups, cycles * Workload.Groups) : new Cost(energy, cycles);
    }

    private bool Has(PhysicalEffects effect) => (Effects & effect) != 0;

    private long MacCycles(long iterations) => _macsPerCycle == 1 ? iterations : (long)Math.Ceiling(iterations / _macsPerCycle);

    /// <summary>Picojoules over the links to all children: weights and inputs in, outputs out, and back in except the first time.</summary>
    private double Deliveries(int level, long instances, long weights, long inputs, long outputs, long partition)
    {
        double price = _accounting.PriceOf(level).NetworkPicojoulesPerBit;
        return price == 0 || !Has(PhysicalEffects.NetworkDeliveries)
            ? 0
            : price * instances * ((weights * Bits.Weights) + (inputs * Bits.Inputs) + (((2 * outputs) - partition) * Bits.PartialSums));
    }
}
