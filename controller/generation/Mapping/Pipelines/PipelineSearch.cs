using InstantNet.Generation.Mapping.Accounting;
using InstantNet.Generation.Mapping.Experts;
using InstantNet.Generation.Mapping.Network;
using InstantNet.Generation.Mapping.Search;

namespace InstantNet.Generation.Mapping.Pipelines;

/// <summary>A network on an engine per layer, all at work at once.</summary>
/// <param name="Layers">What each stage offers.</param>
/// <param name="Chosen">The mapping of each stage.</param>
/// <param name="EnergyPicojoules">Of a frame.</param>
/// <param name="IntervalCycles">From frame to frame: the slowest stage, or the outermost memory when all stages together ask more of it.</param>
/// <param name="LatencyCycles">All stages one after another.</param>
internal sealed record PipelineMapping(
    IReadOnlyList<LayerChoices> Layers, IReadOnlyList<MappingCandidate> Chosen, double EnergyPicojoules, long IntervalCycles, long LatencyCycles);

/// <summary>Cuts an accelerator into engines, maps each stage and chooses among the stages' offers. Any number may run side by side.</summary>
/// <remarks>
/// Activations pass from stage to stage on chip: all stages take whole columns and give whole columns, in the same order, which the flows'
/// constraints see to. The first input, the last output and all weights cross the outermost memory; branches are stages in a row.
/// </remarks>
/// <param name="architecture">The whole accelerator.</param>
/// <param name="isSearched">Whether stages may be anything that columns can stream through; else they are DNNBuilder's.</param>
/// <param name="options">Seed and budgets.</param>
internal sealed class PipelineSearch(Architecture architecture, bool isSearched, MapOptions options)
{
    private static readonly Dimension[] AlongX = [Dimension.K];
    private static readonly Dimension[] AlongY = [Dimension.C];
    private static readonly Dimension[] AnyAlongX = [Dimension.K, Dimension.Q];
    private static readonly Dimension[] AnyAlongY = [Dimension.C, Dimension.P, Dimension.R];

    /// <param name="layers">Stages in running order.</param>
    /// <param name="bits">Widths of each stage's words.</param>
    /// <param name="cancellation">Ends it with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The best pipeline found; null when the accelerator is too small for one.</returns>
    public PipelineMapping? Run(IReadOnlyList<Workload> layers, IReadOnlyList<OperandBits> bits, CancellationToken cancellation)
    {
        if (!StageArchitecture.CanBeCut(architecture))
            return null;
        long capacity = (StageArchitecture.Buffer(architecture).CapacityWords ?? 0) * Architecture.WordBits;
        StageDemand[] demands = [.. layers.Select((w, i) => DemandOf(w, bits[i]))];
        if (PipelineAllocation.Share(demands, architecture.Macs.Count, capacity) is not IReadOnlyList<StageShare> shares)
            return null;
        Dictionary<(Workload, OperandBits, StageShare, OperandSet), LayerChoices> known = [];
        LayerChoices[] offers = [.. layers.Select((workload, i) =>
        {
            OperandSet handed = (i > 0 ? OperandSet.Inputs : OperandSet.None) | (i < layers.Count - 1 ? OperandSet.Outputs : OperandSet.None);
            var key = (workload, bits[i], shares[i], handed);
            if (!known.TryGetValue(key, out LayerChoices? stage))
                known[key] = stage = Stage(workload, bits[i], StageArchitecture.Of(architecture, shares[i], handed), cancellation);
            return stage;
        })];
        return Choose(offers);
    }

    private LayerChoices Stage(Workload workload, OperandBits widths, Architecture stage, CancellationToken cancellation)
    {
        FlowConstraints flow = isSearched ? DnnBuilder.StreamingOn(stage) : DnnBuilder.On(stage);
        return new LayerSearch(workload, stage, [], flow, options with { MayPad = false }).Run([widths], cancellation)[0];
    }

    private StageDemand DemandOf(Workload workload, OperandBits widths)
    {
        int units = architecture.Macs.Count;
        LoopBounds b = workload.Bounds;
        return new StageDemand(
            workload.MacsPerGroup * workload.Groups,
            StageMeshes.Of(b, isSearched ? AnyAlongX : AlongX, isSearched ? AnyAlongY : AlongY, units),
            LeastBits(workload, widths));
    }

    /// <summary>Room for the columns, and the words of every unit's tile, without which a stage cannot run.</summary>
    private long LeastBits(Workload workload, OperandBits widths)
    {
        LoopBounds b = workload.Bounds;
        EncodedMapping smallest = new(1);
        foreach (Dimension dimension in DnnBuilder.OnChip)
        {
            smallest.Bounds[(int)dimension] = b[dimension];
        }

        Architecture one = new("columns", [new MemoryLevel { Name = "columns" }], architecture.Macs with { Columns = 1, Rows = 1 });
        long bits = new CostModel(workload, one, widths).BitsKept(smallest.View, 0);
        return (bits + Architecture.WordBits) / Architecture.WordBits * Architecture.WordBits;
    }

    /// <summary>For each pace that some stage sets: in every other stage the least energy that keeps it.</summary>
    private static PipelineMapping Choose(LayerChoices[] layers)
    {
        long fastest = layers.Max(l => l.Frontier.Min(c => l.Total(c).Cycles));
        PipelineMapping? best = null;
        foreach (long pace in layers.SelectMany(l => l.Frontier.Select(c => l.Total(c).Cycles)).Where(c => c >= fastest).Distinct().Order())
        {
            MappingCandidate[] chosen = [.. layers.Select(l => l.Frontier.Where(c => l.Total(c).Cycles <= pace).MinBy(c => c.Cost.EnergyPicojoules)!)];
            PipelineMapping pipeline = Sum(layers, chosen);
            if (best is null || pipeline.EnergyPicojoules * pipeline.IntervalCycles < best.EnergyPicojoules * best.IntervalCycles)
                best = pipeline;
        }

        return best!;
    }

    private static PipelineMapping Sum(LayerChoices[] layers, MappingCandidate[] chosen)
    {
        Cost[] costs = [.. layers.Select((l, i) => l.Total(chosen[i]))];
        long memory = layers.Select((l, i) => MemoryCycles(l, chosen[i])).Sum();
        return new PipelineMapping(
            layers, chosen, costs.Sum(c => c.EnergyPicojoules), Math.Max(memory, costs.Max(c => c.Cycles)), costs.Sum(c => c.Cycles));
    }

    private static long MemoryCycles(LayerChoices layer, MappingCandidate candidate)
    {
        CostModel model = layer.Model;
        long[] counts = new long[model.CountsLength];
        model.Evaluate(candidate.Mapping.View, counts);
        int outermost = model.Architecture.Levels.Count - 1;
        return model.LevelCycles(outermost, counts.AsSpan(outermost * AccessCounts.PerLevel, AccessCounts.PerLevel), 0) * layer.Repeats;
    }
}
