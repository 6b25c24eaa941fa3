using InstantNet.Generation.Mapping.Accounting;

namespace InstantNet.Generation.Mapping.Devices;

/// <summary>DSPs and block RAMs that one engine needs to run a set of mapped layers, one after another. Pure.</summary>
/// <remarks>
/// DSPs: the most units that any layer uses. Block RAMs: at every level that is neither the outermost nor a register file (an innermost level
/// without fan-out is one, and is made of flip-flops or LUTs) each tensor of the layer that runs takes blocks of its own from one pool, as the
/// cost model's capacities are shared; of all layers the one that needs most counts. A tensor takes
/// <code>
/// blocks = instances · max( ⌈2 · tile bits / 18 Kibit⌉ , ⌈words read side by side · word bits / 36⌉ )
/// </code>
/// Twice the tile, because the next one is loaded while this one is read. Side by side are read the distinct tiles that the spatial loops below the
/// level hand to its children, through levels that the tensor passes by. A block of 18 Kibit has one read port of up to 36 bits beside its
/// write port. Source: Xilinx UG473, 7 Series FPGAs Memory Resources, chapter 1 (simple dual-port mode, 512 x 36).
/// Left out: several reads a cycle of packed multipliers, and widths that do not divide a block evenly.
/// </remarks>
public static class FpgaResources
{
    private const long BlockBits = 18 * 1024;
    private const long PortBits = 36;

    /// <summary>The use of one engine, above the budget too.</summary>
    /// <param name="accelerator">An accelerator with an FPGA budget.</param>
    /// <param name="layers">Layers of that accelerator's architecture; of none, nothing is used.</param>
    /// <exception cref="ArgumentException">The accelerator is no FPGA, or a layer is mapped on another number of levels.</exception>
    public static FpgaUse Of(Accelerator accelerator, IEnumerable<(CostModel Model, EncodedMapping Mapping)> layers)
    {
        ArgumentNullException.ThrowIfNull(accelerator);
        ArgumentNullException.ThrowIfNull(layers);
        if (accelerator.Fpga is not FpgaBudget budget)
            throw new ArgumentException($"'{accelerator.Architecture.Name}' is no FPGA: it has no budget of DSPs and block RAMs.", nameof(accelerator));
        Operand[] operands = Enum.GetValues<Operand>();
        int levels = accelerator.Architecture.Levels.Count;
        long dsps = 0, blocks = 0;
        foreach ((CostModel model, EncodedMapping mapping) in layers)
        {
            if (mapping.Keeps.Length != levels)
                throw new ArgumentException($"A layer is mapped on {mapping.Keeps.Length} levels, '{accelerator.Architecture.Name}' has {levels}.", nameof(layers));
            dsps = Math.Max(dsps, CostModel.UnitsUsed(mapping.View));
            long needed = 0;
            for (int level = 0; level < levels - 1; level++)
            {
                if (level > 0 || accelerator.Architecture.ChildrenOf(level) != (1, 1))
                    needed += operands.Sum(o => Blocks(model, mapping, level, o));
            }

            blocks = Math.Max(blocks, needed);
        }

        return new FpgaUse(dsps, blocks, budget);
    }

    private static long Blocks(CostModel model, EncodedMapping mapping, int level, Operand operand)
    {
        if (!Keeps(mapping, level, operand))
            return 0;
        long wordBits = operand switch { Operand.Weights => model.Bits.Weights, Operand.Inputs => model.Bits.Inputs, _ => model.Bits.PartialSums };
        long forSize = Ceiling(2 * TileBits(model, mapping, level, operand), BlockBits);
        long forPorts = Ceiling(WordsSideBySide(model, mapping, level, operand) * wordBits, PortBits);
        return CostModel.InstancesUsed(mapping.View, level) * Math.Max(forSize, forPorts);
    }

    private static long TileBits(CostModel model, EncodedMapping mapping, int level, Operand operand)
    {
        byte[] onlyOne = new byte[mapping.Keeps.Length];
        onlyOne[level] = (byte)(1 << (int)operand);
        return model.BitsKept(new MappingView(mapping.Bounds, mapping.Orders, onlyOne), level);
    }

    private static long WordsSideBySide(CostModel model, EncodedMapping mapping, int level, Operand operand)
    {
        LoopGeometry geometry = new(model.Workload, PhysicalEffects.None);
        int levels = mapping.Keeps.Length;
        Span<int> below = stackalloc int[(Architecture.MaxLevels + 1) * MappingView.Width];
        Span<int> steps = stackalloc int[Architecture.MaxLevels * MappingView.Width];
        LoopGeometry.Extents(mapping.View, levels, below, steps);
        long words = 1;
        for (int reader = level; reader == level || (reader >= 0 && !Keeps(mapping, reader, operand)); reader--)
        {
            Fanout distinct = geometry.DistinctTiles(mapping.View, levels, reader, below.Slice(reader * MappingView.Width, MappingView.Width));
            words *= operand switch { Operand.Weights => distinct.Weights, Operand.Inputs => distinct.Inputs, _ => distinct.Outputs };
        }

        return words;
    }

    private static bool Keeps(EncodedMapping mapping, int level, Operand operand) => (mapping.Keeps[level] & (1 << (int)operand)) != 0;

    private static long Ceiling(long dividend, long divisor) => (dividend + divisor - 1) / divisor;
}
