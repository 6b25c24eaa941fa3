namespace InstantNet.Generation.Mapping.Accounting;

/// <summary>What no mapping of a layer can go below, in the accounting of its cost model. Pure.</summary>
/// <remarks>
/// Energy. Every level that keeps a tensor takes each distinct word in at least once and gives it out at least once; the innermost one that
/// keeps it serves every multiply-accumulate, a word read serving at most as many units as a multicast (or spatial sum) can reach: the mesh, and
/// no more than the loops that do not walk over the tensor. Where a tensor may pass by, the cheapest choice of levels counts. Sums: each
/// update beyond the first of an output in an instance is read back, and at most as many instances as there are accumulations share one output.
/// Inputs obey this in Timeloop's sampled counts too: a carry that it counts as a repeated step brings at least as many words as it moves.
/// Cycles. Exact factors fill at most the largest product that the two axes allow; every distinct word crosses each level that must keep it.
/// With physical effects that spare accesses (operand registers, shared halos, padding, untouched rows) only the multiply-accumulates and what
/// must cross the outermost level remain.
/// </remarks>
public static class LowerBound
{
    private const PhysicalEffects SparingEffects = PhysicalEffects.OperandRegisters | PhysicalEffects.SpatialHalo;

    /// <summary>The bound of one group, or of all when the model charges all.</summary>
    public static Cost Of(CostModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Of(model, MostUnits(model.Workload, model.Architecture));
    }

    /// <summary>The same when loops may be padded: then every unit can be made to work.</summary>
    public static Cost OfPadded(CostModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Of(model, Math.Min(model.Architecture.Macs.Count, model.Workload.MacsPerGroup));
    }

    private static Cost Of(CostModel model, long mostUnits)
    {
        double energy = model.Architecture.Macs.PicojoulesAt(model.Bits) * model.Workload.MacsPerGroup;
        foreach (Operand operand in Enum.GetValues<Operand>())
        {
            energy += new OperandBound(model, operand, (model.Effects & SparingEffects) == 0).LeastPicojoules();
        }

        int groups = (model.Effects & PhysicalEffects.AllGroups) != 0 ? model.Workload.Groups : 1;
        return new Cost(energy * groups, Cycles(model, mostUnits) * groups);
    }

    /// <summary>Most units that exact factors of the loops can occupy.</summary>
    internal static long MostUnits(Workload workload, Architecture architecture)
    {
        long units = 1;
        for (int level = 0; level < architecture.Levels.Count; level++)
        {
            (int columns, int rows) = architecture.ChildrenOf(level);
            units *= MeshFilling.Most(workload.Bounds, columns, rows);
        }

        return Math.Min(units, workload.MacsPerGroup);
    }

    private static long Cycles(CostModel model, long mostUnits)
    {
        Architecture architecture = model.Architecture;
        double cycles = model.Workload.MacsPerGroup / (mostUnits * architecture.Macs.MacsPerCycle(model.Bits));
        foreach (MemoryLevel level in architecture.Levels)
        {
            OperandSet kept = level.Keeps & ~level.MayBypass & ~level.HandedOver;
            double read = 0, written = 0;
            foreach (Operand operand in Enum.GetValues<Operand>())
            {
                if (((int)kept & (1 << (int)operand)) == 0)
                    continue;
                double bits = DistinctWords.Of(model, operand) * (double)OperandBound.FinishedBits(model.Bits, operand);
                bool isOutermost = level == architecture.Levels[^1];
                read += operand == Operand.Outputs ? 0 : bits;
                written += operand == Operand.Outputs || !isOutermost ? bits : 0;
            }

            double perCycle = (double)Architecture.WordBits * level.Columns * level.Rows;
            cycles = Math.Max(cycles, read / (perCycle * (level.ReadWordsPerCycle ?? double.PositiveInfinity)));
            cycles = Math.Max(cycles, written / (perCycle * (level.WriteWordsPerCycle ?? double.PositiveInfinity)));
        }

        return (long)Math.Ceiling(cycles * (1 - 1e-12));
    }
}
