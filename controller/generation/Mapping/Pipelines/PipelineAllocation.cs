namespace InstantNet.Generation.Mapping.Pipelines;

/// <summary>One layer of a pipeline, as far as sharing out an accelerator needs it.</summary>
/// <param name="Work">Multiply-accumulates of all groups.</param>
/// <param name="Meshes">Arrays it can fill, smallest first; at least the single unit.</param>
/// <param name="LeastBufferBits">Room without which columns cannot pass through.</param>
internal sealed record StageDemand(long Work, IReadOnlyList<(int Columns, int Rows)> Meshes, long LeastBufferBits);

/// <summary>Shares units and buffer out among an engine per layer. Pure.</summary>
/// <remarks>
/// Units: the slowest stage gets its next larger array, as long as there are units for it; DNNBuilder (Zhang et al., ICCAD 2018, section V)
/// balances its stages by the same idea. Buffer: each stage its least, the rest in proportion to the work.
/// </remarks>
internal static class PipelineAllocation
{
    /// <summary>A share per stage; null when there are fewer units than stages or the least buffers do not fit.</summary>
    public static IReadOnlyList<StageShare>? Share(IReadOnlyList<StageDemand> stages, long units, long bufferBits)
    {
        long spare = bufferBits - stages.Sum(s => s.LeastBufferBits);
        if (spare < 0 || units < stages.Count)
            return null;
        int[] mesh = new int[stages.Count];
        long free = units - stages.Sum(s => UnitsOf(s, 0));
        while (free >= 0)
        {
            int slowest = Enumerable.Range(0, stages.Count).MaxBy(i => (double)stages[i].Work / UnitsOf(stages[i], mesh[i]));
            if (mesh[slowest] + 1 == stages[slowest].Meshes.Count)
                break;
            free -= UnitsOf(stages[slowest], mesh[slowest] + 1) - UnitsOf(stages[slowest], mesh[slowest]);
            if (free >= 0)
                mesh[slowest]++;
        }

        double work = stages.Sum(s => (double)s.Work);
        return [.. stages.Select((s, i) => new StageShare(
            s.Meshes[mesh[i]].Columns, s.Meshes[mesh[i]].Rows, s.LeastBufferBits + (long)(spare * (s.Work / work))))];
    }

    private static long UnitsOf(StageDemand stage, int mesh) => (long)stage.Meshes[mesh].Columns * stage.Meshes[mesh].Rows;
}
