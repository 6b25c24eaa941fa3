using InstantNet.Contracts;
using InstantNet.Generation.Mapping.Accounting;
using InstantNet.Generation.Mapping.Devices;
using InstantNet.Generation.Mapping.Experts;
using InstantNet.Generation.Mapping.Pipelines;
using InstantNet.Generation.Mapping.Search;

namespace InstantNet.Generation.Mapping.Network;

/// <summary>Puts what the searches found into the form that people and files get. Pure.</summary>
/// <param name="net">The network.</param>
/// <param name="accelerator">What it was mapped on.</param>
/// <param name="options">What was asked for.</param>
internal sealed class NetworkSummary(NetworkLoops net, Accelerator accelerator, MapOptions options)
{
    private const double MillijoulesPerPicojoule = 1e-9;

    public PrecisionMapping Of(
        Precision precision, IReadOnlyList<LayerChoices> layers, IReadOnlyList<MappingCandidate> chosen, IReadOnlyList<MappingCandidate> carried,
        PipelineMapping? searched, PipelineMapping? dnnBuilder)
    {
        searched = Buildable(searched);
        dnnBuilder = Buildable(dnnBuilder);
        string[] flows = [.. SearchPlan.Flows(options)];
        List<FlowCost> experts = [.. flows.Select((name, f) => new FlowCost(name, OneEngine(NetworkSelection.Total(layers, [.. layers.Select(l => l.Experts[f])]))))];
        if (dnnBuilder is not null)
            experts.Add(new FlowCost(ExpertFlows.EnginePerLayer, Frame(dnnBuilder)));
        FrameCost oneEngine = OneEngine(NetworkSelection.Total(layers, chosen));
        PipelineMapping? pipeline = Better(searched, dnnBuilder);
        bool isPipeline = pipeline is not null && options.LatencyBoundMilliseconds is null && Value(Frame(pipeline)) < Value(oneEngine);
        FrameCost best = isPipeline ? Frame(pipeline!) : oneEngine;
        IReadOnlyList<LayerChoices> running = isPipeline ? pipeline!.Layers : layers;
        IReadOnlyList<MappingCandidate> used = isPipeline ? pipeline!.Chosen : chosen;
        return new PrecisionMapping(
            precision, best, isPipeline ? layers.Count : 1, Bound(running, isPipeline), experts, Frontier(layers, carried, pipeline),
            accelerator.Fpga is null ? null : Resources(running, used, isPipeline),
            [.. net.Layers.Select((l, i) => Describe(l, running[i], used[i], isPipeline ? i : 0, flows, layers[i]))]);
    }

    /// <summary>Engines side by side are fixed when they are configured: a pipeline that an FPGA has no room for is none.</summary>
    private PipelineMapping? Buildable(PipelineMapping? pipeline) =>
        pipeline is not null && accelerator.Fpga is not null && !Resources(pipeline.Layers, pipeline.Chosen, isPipeline: true).IsWithinBudget ? null : pipeline;

    private PipelineMapping? Better(PipelineMapping? one, PipelineMapping? other) =>
        one is null || (other is not null && Value(Frame(other)) < Value(Frame(one))) ? other : one;

    private double Value(FrameCost frame) => options.Objective switch
    {
        MapObjective.Energy => frame.EnergyMillijoules,
        MapObjective.Latency => frame.LatencyMilliseconds,
        _ => frame.EnergyDelayJouleSeconds,
    };

    private FrameCost OneEngine(Cost total)
    {
        double milliseconds = accelerator.Milliseconds(total.Cycles);
        return new FrameCost(total.EnergyPicojoules * MillijoulesPerPicojoule, milliseconds, milliseconds);
    }

    private FrameCost Frame(PipelineMapping pipeline) => new(
        pipeline.EnergyPicojoules * MillijoulesPerPicojoule, accelerator.Milliseconds(pipeline.LatencyCycles), accelerator.Milliseconds(pipeline.IntervalCycles));

    /// <summary>Layers one after another on one engine; in a pipeline all units of all stages work all the time at the best.</summary>
    private FrameCost Bound(IReadOnlyList<LayerChoices> layers, bool isPipeline)
    {
        double energy = 0;
        long cycles = 0;
        double interval = 0;
        foreach (LayerChoices layer in layers)
        {
            Cost bound = BoundOf(layer);
            energy += bound.EnergyPicojoules;
            cycles += bound.Cycles;
            interval += layer.Model.Workload.MacsPerGroup * (double)layer.Model.Workload.Groups
                / (accelerator.Architecture.Macs.Count * accelerator.Architecture.Macs.MacsPerCycle(layer.Model.Bits));
        }

        double latency = accelerator.Milliseconds(cycles);
        return new FrameCost(energy * MillijoulesPerPicojoule, latency, isPipeline ? accelerator.Milliseconds(interval) : latency);
    }

    private Cost BoundOf(LayerChoices layer)
    {
        Cost one = options.MayPad ? LowerBound.OfPadded(layer.Model) : LowerBound.Of(layer.Model);
        return new Cost(one.EnergyPicojoules * layer.Repeats, one.Cycles * layer.Repeats);
    }

    private List<FrameCost> Frontier(IReadOnlyList<LayerChoices> layers, IReadOnlyList<MappingCandidate> carried, PipelineMapping? pipeline)
    {
        List<FrameCost> points = [.. NetworkSelection.Frontier(layers, carried).Select(OneEngine)];
        if (pipeline is not null)
            points.Add(Frame(pipeline));
        return [.. points.Where(p => !points.Any(o => o != p && o.EnergyMillijoules <= p.EnergyMillijoules && o.LatencyMilliseconds <= p.LatencyMilliseconds))
            .OrderBy(p => p.EnergyMillijoules)];
    }

    /// <summary>One engine has what its most demanding layer needs; engines side by side have what all layers need together.</summary>
    private FpgaUse Resources(IReadOnlyList<LayerChoices> layers, IReadOnlyList<MappingCandidate> chosen, bool isPipeline)
    {
        (CostModel, EncodedMapping)[] engines = [.. layers.Select((l, i) => (l.ModelOf(chosen[i]), chosen[i].Mapping))];
        if (!isPipeline)
            return FpgaResources.Of(accelerator, engines);
        FpgaUse[] stages = [.. engines.Select(e => FpgaResources.Of(accelerator, [e]))];
        return new FpgaUse(stages.Sum(s => s.Dsps), stages.Sum(s => s.Bram18Kibits), stages[0].Budget);
    }

    private LayerMapping Describe(
        LayerLoops layer, LayerChoices running, MappingCandidate used, int engine, IReadOnlyList<string> flows, LayerChoices oneEngine) => new(
            layer.Name, layer.Workload, running.Model.Bits, engine, Describe(running, used),
            [.. flows.Select((name, f) => new LayerFlow(name, Describe(oneEngine, oneEngine.Experts[f])))],
            BoundOf(running));

    private static LayerDataflow Describe(LayerChoices layer, MappingCandidate candidate)
    {
        CostModel model = layer.ModelOf(candidate);
        return new LayerDataflow(
            candidate.Mapping.ToDataflow(model.Architecture), layer.Total(candidate), model.Breakdown(candidate.Mapping.View).Times(layer.Repeats),
            candidate.Padded?.Bounds);
    }
}
