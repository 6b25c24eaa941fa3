using System.Collections.Concurrent;
using InstantNet.Contracts;
using InstantNet.Generation.Mapping.Devices;
using InstantNet.Generation.Mapping.Experts;
using InstantNet.Generation.Mapping.Pipelines;
using InstantNet.Generation.Mapping.Search;

namespace InstantNet.Generation.Mapping.Network;

/// <summary>A layer with its bits per precision; equal to another when loops and bits are, whatever the name.</summary>
internal sealed record LayerKey(string Name, Workload Workload, IReadOnlyList<OperandBits> Bits)
{
    public bool Equals(LayerKey? other) => other is not null && Workload == other.Workload && Bits.SequenceEqual(other.Bits);

    public override int GetHashCode() => Bits.Aggregate(Workload.GetHashCode(), HashCode.Combine);
}

/// <summary>What the searches of a plan found; filled from any thread.</summary>
/// <param name="precisions">How many there are.</param>
internal sealed class SearchResults(int precisions)
{
    /// <summary>On one engine, per precision, highest first.</summary>
    public ConcurrentDictionary<LayerKey, IReadOnlyList<LayerChoices>> Layers { get; } = new();

    /// <summary>The searched pipeline per precision; null where none was asked for or none fits.</summary>
    public PipelineMapping?[] Searched { get; } = new PipelineMapping?[precisions];

    /// <summary>DNNBuilder's pipeline per precision.</summary>
    public PipelineMapping?[] Experts { get; } = new PipelineMapping?[precisions];
}

/// <summary>The searches that mapping a network takes, independent of each other.</summary>
/// <param name="net">The network.</param>
/// <param name="accelerator">What it is mapped on.</param>
/// <param name="falling">Precisions, highest first.</param>
/// <param name="options">Seed, budgets, flows.</param>
internal sealed class SearchPlan(NetworkLoops net, Accelerator accelerator, Precision[] falling, MapOptions options)
{
    public int Precisions => falling.Length;

    /// <summary>In running order.</summary>
    public IReadOnlyList<LayerKey> Layers { get; } =
        [.. net.Layers.Select(l => new LayerKey(l.Name, l.Workload, [.. falling.Select(p => l.Floors.At(p, accelerator))]))];

    /// <summary>One action per search; each writes to its own place in the results.</summary>
    public IEnumerable<Action<CancellationToken>> Work(SearchResults results)
    {
        Architecture architecture = accelerator.Architecture;
        IReadOnlyList<FlowConstraints>[] flows = [.. Flows(options).Select(f => ExpertFlows.Templates(f, architecture))];
        MappingCache? cache = options.CacheFolder is string folder ? new MappingCache(folder) : null;
        foreach (LayerKey key in Layers.Distinct())
        {
            LayerSearch search = new(key.Workload, architecture, flows, FlowConstraints.None, options);
            yield return cancellation => results.Layers[key] = Named(key, () => cache is null
                ? search.Run(key.Bits, cancellation)
                : cache.GetOrSearch(key, architecture, flows.Length, options, () => search.Run(key.Bits, cancellation)));
        }

        for (int i = 0; i < falling.Length && options.MayPipeline; i++)
        {
            int precision = i;
            yield return cancellation => results.Searched[precision] = Pipeline(precision, isSearched: true, cancellation);
            if (options.Flows.Contains(ExpertFlows.EnginePerLayer))
                yield return cancellation => results.Experts[precision] = Pipeline(precision, isSearched: false, cancellation);
        }
    }

    /// <summary>The expert flows that run on one engine.</summary>
    public static IEnumerable<string> Flows(MapOptions options) => options.Flows.Where(f => f != ExpertFlows.EnginePerLayer);

    private PipelineMapping? Pipeline(int precision, bool isSearched, CancellationToken cancellation) =>
        new PipelineSearch(accelerator.Architecture, isSearched, options).Run(
            [.. Layers.Select(l => l.Workload)], [.. Layers.Select(l => l.Bits[precision])], cancellation);

    private static T Named<T>(LayerKey key, Func<T> search)
    {
        try
        {
            return search();
        }
        catch (ArgumentException fault)
        {
            throw new ArgumentException($"Layer '{key.Name}' cannot be mapped: {fault.Message}", fault);
        }
    }
}
