using InstantNet.Contracts;
using InstantNet.Generation.Mapping.Devices;
using InstantNet.Generation.Mapping.Network;
using InstantNet.Generation.Mapping.Search;
using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Search;

/// <summary>Makes cost tables. Stateless.</summary>
public static class CostTables
{
    // Enough to rank choices: 25,000 as for a release change the product of a layer by a few percent.
    private const long EvaluationsPerLayer = 2_000;

    /// <summary>Counts multiply-accumulates.</summary>
    public static CostTable OfMacs(SupernetSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return new CostTable("macs", "MACs", [FactorOf(spec, layer => spec.Net.MacsOf(layer))]);
    }

    /// <summary>Maps every distinct layer of every choice on a device class, with a search of a few thousand mappings each.</summary>
    /// <param name="spec">The space.</param>
    /// <param name="kind">Energy, time, or both.</param>
    /// <param name="device">A class with a dataflow.</param>
    /// <param name="precision">The lowest of the network.</param>
    /// <param name="seed">Of the mapper's search.</param>
    /// <param name="cacheFolder">Keeps the mapper's results from run to run; null keeps none.</param>
    /// <param name="progress">Told after each distinct layer; may be null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">The class has no dataflow, or cannot hold a tile of some layer.</exception>
    public static CostTable OfDevice(
        SupernetSpec spec, CostKind kind, DeviceClass device, Precision precision, long seed, string? cacheFolder, IProgress<MapProgress>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(device);
        MapOptions options = new()
        {
            Seed = seed,
            EvaluationsPerLayer = EvaluationsPerLayer,
            Flows = [],
            CacheFolder = cacheFolder,
            Objective = kind switch { CostKind.Energy => MapObjective.Energy, CostKind.Latency => MapObjective.Latency, _ => MapObjective.EnergyDelay },
        };
        NetworkMapping mapping = NetworkMapper.Map(spec.Net, device, [precision], options, progress, cancellationToken);
        Dictionary<string, LayerMapping> layers = mapping.Precisions[0].Layers.ToDictionary(l => l.Layer, StringComparer.Ordinal);
        CostFactor energy = FactorOf(spec, l => layers.TryGetValue(l.Name, out LayerMapping? m) ? m.Searched.Cost.EnergyPicojoules * 1e-12 : 0);
        CostFactor time = FactorOf(spec, l => layers.TryGetValue(l.Name, out LayerMapping? m) ? device.Accelerator!.Milliseconds(m.Searched.Cost.Cycles) * 1e-3 : 0);
        return kind switch
        {
            CostKind.Energy => new CostTable($"energy on {device.Id}", "J", [energy]),
            CostKind.Latency => new CostTable($"latency on {device.Id}", "s", [time]),
            CostKind.EnergyDelay => new CostTable($"EDP on {device.Id}", "J·s", [energy, time]),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A device has energy and time."),
        };
    }

    private static CostFactor FactorOf(SupernetSpec spec, Func<LayerSpec, double> cost) =>
        new(spec.Shared.Sum(cost), [.. spec.Layers.Select(l => (IReadOnlyList<double>)[.. l.Choices.Select(c => c.Layers.Sum(cost))])]);
}
