using InstantNet.Generation.Mapping.Search;

namespace InstantNet.Generation.Mapping.Experts;

/// <summary>The dataflows that experts drew by hand, as constraints on the space that the search has; every one is searched over what it leaves open.</summary>
public static class ExpertFlows
{
    /// <summary>Names of the flows that run all layers on one engine, one after another.</summary>
    public static IReadOnlyList<string> OneEngine { get; } =
        [RowStationary.Name, WeightStationary.Name, OutputStationary.Name, ChaiDnn.Name, Magnet.Name];

    /// <summary>Name of the flow that runs an engine per layer.</summary>
    public const string EnginePerLayer = DnnBuilder.Name;

    /// <summary>Every name, those of one engine first.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. OneEngine, EnginePerLayer];

    /// <summary>A flow's templates: the best mapping of any of them counts as the flow's.</summary>
    /// <exception cref="ArgumentException">There is no such flow, or the architecture has no array of units.</exception>
    public static IReadOnlyList<FlowConstraints> Templates(string name, Architecture architecture) => name switch
    {
        RowStationary.Name => [RowStationary.On(architecture)],
        WeightStationary.Name => [WeightStationary.On(architecture)],
        OutputStationary.Name => [OutputStationary.On(architecture)],
        ChaiDnn.Name => [ChaiDnn.On(architecture)],
        Magnet.Name => Magnet.On(architecture),
        DnnBuilder.Name => [DnnBuilder.On(architecture)],
        _ => throw new ArgumentException($"There is no expert flow '{name}'; there are {string.Join(", ", Names)}.", nameof(name)),
    };
}
