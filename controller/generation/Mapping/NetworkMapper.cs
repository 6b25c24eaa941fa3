using System.Collections.Concurrent;
using InstantNet.Contracts;
using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Mapping;

/// <summary>Maps a whole network on a device class: every layer at every precision, beside the row-stationary expert flow. Stateless.</summary>
/// <remarks>Layers with equal loops and bits are mapped once. Lower precisions start from the higher ones' mappings: EDP never rises as bits fall.</remarks>
public static class NetworkMapper
{
    /// <summary>Maps the network.</summary>
    /// <param name="net">What to map; one frame at a time.</param>
    /// <param name="device">A class of kind <see cref="DeviceKind.Dataflow"/>.</param>
    /// <param name="precisions">At least one; repeated ones count once.</param>
    /// <param name="options">Seed and budgets.</param>
    /// <param name="progress">Told after each distinct layer, from any thread; may be null.</param>
    /// <param name="cancellation">Ends the work with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">The class has no dataflow, no precision was given, or no array for the expert flow exists.</exception>
    public static NetworkMapping Map(
        NetSpec net, DeviceClass device, IReadOnlyList<Precision> precisions, MapOptions options, IProgress<MapProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(net);
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(precisions);
        ArgumentNullException.ThrowIfNull(options);
        if (device.Accelerator is not Accelerator accelerator)
            throw new ArgumentException($"Device class '{device.Id}' has no dataflow: its latency and energy are measured on the device.", nameof(device));
        if (precisions.Count == 0)
            throw new ArgumentException("Name at least one precision to map for.", nameof(precisions));

        Precision[] falling = [.. precisions.Distinct().OrderDescending()];
        LayerKey[] layers = [.. LayerWorkload.MappedLayers(net).Select(l => KeyOf(net, l, falling, accelerator))];
        IReadOnlyDictionary<LayerKey, IReadOnlyList<LayerChoices>> searched =
            SearchAll(layers, device.Id, accelerator.Architecture, options, progress, cancellation);

        List<PrecisionMapping> mapped = [];
        IReadOnlyList<MappingCandidate> chosen = [];
        for (int i = 0; i < falling.Length; i++)
        {
            LayerChoices[] choices = [.. layers.Select(l => searched[l][i])];
            chosen = NetworkSelection.Choose(choices, [.. chosen.Select((c, l) => choices[l].Reprice(c))]);
            mapped.Add(Summarise(falling[i], layers, choices, chosen, accelerator));
        }

        mapped.Reverse();
        return new NetworkMapping(net.Name, device.Id, options.Seed, MapObjective.EnergyDelay, mapped);
    }

    private static LayerKey KeyOf(NetSpec net, LayerSpec layer, Precision[] precisions, Accelerator accelerator) =>
        new(layer.Name, LayerWorkload.Of(net, layer), [.. precisions.Select(p => LayerWorkload.BitsOf(net, layer, p, accelerator))]);

    private static ConcurrentDictionary<LayerKey, IReadOnlyList<LayerChoices>> SearchAll(
        LayerKey[] layers, string device, Architecture architecture, MapOptions options, IProgress<MapProgress>? progress, CancellationToken cancellation)
    {
        ConcurrentDictionary<LayerKey, IReadOnlyList<LayerChoices>> found = new();
        FlowConstraints[] flows = [RowStationary.On(architecture)];
        LayerKey[] distinct = [.. layers.Distinct()];
        int done = 0;
        ParallelOptions parallel = new()
        {
            CancellationToken = cancellation,
            MaxDegreeOfParallelism = options.Threads > 0 ? options.Threads : Environment.ProcessorCount,
        };
        Parallel.ForEach(Partitioner.Create(distinct, loadBalance: true), parallel, key =>
        {
            found[key] = new LayerSearch(key.Workload, architecture, flows, options).Run(key.Bits, cancellation);
            progress?.Report(new MapProgress(device, Interlocked.Increment(ref done), distinct.Length));
        });
        return found;
    }

    private static PrecisionMapping Summarise(
        Precision precision, LayerKey[] layers, LayerChoices[] choices, IReadOnlyList<MappingCandidate> chosen, Accelerator accelerator)
    {
        List<LayerMapping> mapped = [];
        for (int i = 0; i < layers.Length; i++)
        {
            LayerChoices choice = choices[i];
            mapped.Add(new LayerMapping(
                layers[i].Name, layers[i].Workload, choice.Model.Bits, 0, Describe(choice, chosen[i]),
                [.. choice.Experts.Select(e => new LayerFlow("row-stationary", Describe(choice, e)))],
                Times(CompulsoryCost.Of(choice.Model), choice.Groups)));
        }

        FlowCost[] experts = [.. mapped[0].Experts.Select((e, i) => new FlowCost(e.Flow, Sum(mapped, l => l.Experts[i].Searched.Cost, accelerator)))];
        FrameCost searched = Sum(mapped, l => l.Searched.Cost, accelerator);
        return new PrecisionMapping(precision, searched, 1, Sum(mapped, l => l.Bound, accelerator), experts, [searched], mapped);
    }

    private static LayerDataflow Describe(LayerChoices choices, MappingCandidate candidate) => new(
        candidate.Mapping.ToDataflow(choices.Model.Architecture), Times(candidate.Cost, choices.Groups), Times(choices.Model.Breakdown(candidate.Mapping.View), choices.Groups));

    private static CostBreakdown Times(CostBreakdown cost, int groups) => new(cost.MacPicojoules * groups, cost.MacCycles * groups, [.. cost.Levels.Select(l =>
        new LevelBreakdown(l.Level, l.WeightsPicojoules * groups, l.InputsPicojoules * groups, l.OutputsPicojoules * groups, l.NetworkPicojoules * groups, l.Cycles * groups))]);

    private static Cost Times(Cost cost, int groups) => new(cost.EnergyPicojoules * groups, cost.Cycles * groups);

    private static FrameCost Sum(List<LayerMapping> layers, Func<LayerMapping, Cost> cost, Accelerator accelerator)
    {
        const double millijoulesPerPicojoule = 1e-9;
        double latency = accelerator.Milliseconds(layers.Sum(l => cost(l).Cycles));
        return new FrameCost(layers.Sum(l => cost(l).EnergyPicojoules) * millijoulesPerPicojoule, latency, latency);
    }

    /// <summary>A layer with its bits per precision; equal to another when loops and bits are, whatever the name.</summary>
    private sealed record LayerKey(string Name, Workload Workload, IReadOnlyList<OperandBits> Bits)
    {
        public bool Equals(LayerKey? other) => other is not null && Workload == other.Workload && Bits.SequenceEqual(other.Bits);

        public override int GetHashCode() => Bits.Aggregate(Workload.GetHashCode(), HashCode.Combine);
    }
}
