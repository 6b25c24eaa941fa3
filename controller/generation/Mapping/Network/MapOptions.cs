using InstantNet.Generation.Mapping.Accounting;
using InstantNet.Generation.Mapping.Devices;
using InstantNet.Generation.Mapping.Search;

namespace InstantNet.Generation.Mapping.Network;

/// <summary>How a network is mapped, and how much that may cost.</summary>
public sealed record MapOptions
{
    /// <summary>Start of the random numbers; the same seed and budget give the same mapping on any number of threads.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Mappings costed per distinct layer, precision and flow, at least 1. Default 25,000: eight times as many lower the energy–delay product of the built-in network by less than 1 %.</summary>
    public long EvaluationsPerLayer { get; init; } = 25_000;

    /// <summary>Most time of one such search; null is unlimited. Results that time cut short differ from run to run and are not kept in the cache.</summary>
    public TimeSpan? TimePerLayer { get; init; }

    /// <summary>A search ends after so many mappings without an improvement.</summary>
    public long IdleEvaluations { get; init; } = long.MaxValue;

    /// <summary>Layers searched side by side; 0 is one per processor.</summary>
    public int Threads { get; init; }

    /// <summary>What to make small.</summary>
    public MapObjective Objective { get; init; } = MapObjective.EnergyDelay;

    /// <summary>A frame may take so long at the most, in milliseconds; then the energy is made small within it, and each layer is searched three times: for energy, for time, and for their product. Null is no bound.</summary>
    public double? LatencyBoundMilliseconds { get; init; }

    /// <summary>Whether loops may be padded to bounds with better factors; the padding is worked on and paid for.</summary>
    public bool MayPad { get; init; }

    /// <summary>Whether the network may run on an engine per layer, all at work at once.</summary>
    public bool MayPipeline { get; init; }

    /// <summary>Names of the expert flows to put beside the search.</summary>
    public IReadOnlyList<string> Flows { get; init; } = Experts.ExpertFlows.Names;

    /// <summary>What is charged beyond Timeloop's accounting.</summary>
    public PhysicalEffects Effects { get; init; } = PhysicalEffects.NetworkDeliveries;

    /// <summary>Folder that keeps results from run to run; null keeps none.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>The limits of one search.</summary>
    public SearchBudget BudgetOf(long evaluations) => new(evaluations, TimePerLayer, IdleEvaluations);
}

/// <summary>How far a network's mapping is.</summary>
/// <param name="DeviceClass">Id of the class.</param>
/// <param name="LayersDone">Distinct searches finished.</param>
/// <param name="Layers">Distinct searches.</param>
public sealed record MapProgress(string DeviceClass, int LayersDone, int Layers);
