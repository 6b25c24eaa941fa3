using System.Collections.Concurrent;
using System.Globalization;
using InstantNet.Contracts;
using InstantNet.Generation.Mapping.Devices;
using InstantNet.Generation.Mapping.Experts;
using InstantNet.Generation.Mapping.Pipelines;
using InstantNet.Generation.Mapping.Search;
using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Mapping.Network;

/// <summary>Maps a whole network on a device class: every layer at every precision, beside the expert flows and the lower bound. Stateless.</summary>
/// <remarks>
/// Layers with equal loops and bits are mapped once. Lower precisions start from the higher ones' mappings: what the search makes small never
/// rises as bits fall. The network runs on one engine, layer after layer, or, where that is allowed and better, on an engine per layer.
/// </remarks>
public static class NetworkMapper
{
    /// <inheritdoc cref="Map(NetworkLoops, DeviceClass, IReadOnlyList{Precision}, MapOptions, IProgress{MapProgress}, CancellationToken)"/>
    public static NetworkMapping Map(
        NetSpec net, DeviceClass device, IReadOnlyList<Precision> precisions, MapOptions options, IProgress<MapProgress>? progress, CancellationToken cancellation) =>
        Map(NetworkLoops.From(net), device, precisions, options, progress, cancellation);

    /// <summary>Maps the network.</summary>
    /// <param name="net">What to map; one frame at a time.</param>
    /// <param name="device">A class of kind <see cref="DeviceKind.Dataflow"/>.</param>
    /// <param name="precisions">At least one; repeated ones count once.</param>
    /// <param name="options">Seed, budgets, objective.</param>
    /// <param name="progress">Told after each search, from any thread; may be null.</param>
    /// <param name="cancellation">Ends the work with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">The class has no dataflow or cannot hold a tile of some layer, no precision was given, or no array for the expert flows exists.</exception>
    /// <exception cref="InvalidDataException">No mapping found meets the bound on latency.</exception>
    public static NetworkMapping Map(
        NetworkLoops net, DeviceClass device, IReadOnlyList<Precision> precisions, MapOptions options, IProgress<MapProgress>? progress, CancellationToken cancellation)
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
        SearchPlan plan = new(net, accelerator, falling, options);
        SearchResults results = RunAll(plan, device.Id, options, progress, cancellation);
        NetworkSummary summary = new(net, accelerator, options);
        List<PrecisionMapping> mapped = [];
        IReadOnlyList<MappingCandidate> chosen = [];
        for (int i = 0; i < falling.Length; i++)
        {
            LayerChoices[] choices = [.. plan.Layers.Select(l => results.Layers[l][i])];
            MappingCandidate[] carried = [.. chosen.Select((c, l) => choices[l].Reprice(c))];
            chosen = NetworkSelection.Choose(choices, carried, options.Objective, accelerator.CyclesIn(options.LatencyBoundMilliseconds))
                ?? throw new InvalidDataException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"No mapping found at {falling[i]} keeps a frame within {options.LatencyBoundMilliseconds} ms: the fastest takes {accelerator.Milliseconds(NetworkSelection.FewestCycles(choices, carried)):G4} ms."));
            mapped.Add(summary.Of(falling[i], choices, chosen, carried, results.Searched[i], results.Experts[i]));
        }

        mapped.Reverse();
        return new NetworkMapping(net.Name, device.Id, options.Seed, options.Objective, mapped);
    }

    private static SearchResults RunAll(
        SearchPlan plan, string device, MapOptions options, IProgress<MapProgress>? progress, CancellationToken cancellation)
    {
        SearchResults results = new(plan.Precisions);
        Action<CancellationToken>[] work = [.. plan.Work(results)];
        int done = 0;
        ParallelOptions parallel = new()
        {
            CancellationToken = cancellation,
            MaxDegreeOfParallelism = options.Threads > 0 ? options.Threads : Environment.ProcessorCount,
        };
        try
        {
            Parallel.ForEach(Partitioner.Create(work, loadBalance: true), parallel, search =>
            {
                search(cancellation);
                progress?.Report(new MapProgress(device, Interlocked.Increment(ref done), work.Length));
            });
        }
        catch (AggregateException faults) when (faults.InnerExceptions.FirstOrDefault(f => f is ArgumentException) is ArgumentException fault)
        {
            throw new ArgumentException(fault.Message, fault);
        }

        return results;
    }
}
