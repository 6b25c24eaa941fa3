namespace InstantNet.Generation.Mapping;

/// <summary>What no mapping of a layer can go below: every tensor crosses the outermost level once and every unit works in every cycle.</summary>
public static class CompulsoryCost
{
    /// <summary>The bound for one group.</summary>
    /// <remarks>Energy of the levels inside the outermost is left out, so that the bound holds for every bypass.</remarks>
    public static Cost Of(CostModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Workload workload = model.Workload;
        Architecture architecture = model.Architecture;
        OperandBits bits = model.Bits;
        MemoryLevel outermost = architecture.Levels[^1];
        double read = (workload.WordsOf(Operand.Weights) * (double)bits.Weights) + (InputsTouched(workload) * (double)bits.Inputs);
        double written = workload.WordsOf(Operand.Outputs) * (double)bits.Outputs;
        double energy = (architecture.Macs.PicojoulesAt(bits) * workload.MacsPerGroup)
            + (outermost.PicojoulesPerWord / Architecture.WordBits * (read + written));
        double cycles = workload.MacsPerGroup / (architecture.Macs.Count * architecture.Macs.MacsPerCycle(bits));
        cycles = Math.Max(cycles, read / (Architecture.WordBits * (outermost.ReadWordsPerCycle ?? double.PositiveInfinity)));
        cycles = Math.Max(cycles, written / (Architecture.WordBits * (outermost.WriteWordsPerCycle ?? double.PositiveInfinity)));
        return new Cost(energy, (long)Math.Ceiling(cycles));
    }

    // With a stride above the filter, rows and columns between the windows need never be fetched.
    private static long InputsTouched(Workload workload)
    {
        LoopBounds b = workload.Bounds;
        return (long)b.N * b.C * Touched(b.P, b.R, workload.Stride) * Touched(b.Q, b.S, workload.Stride);
    }

    private static long Touched(long outputs, long filter, long stride) => ((outputs - 1) * Math.Min(stride, filter)) + filter;
}
