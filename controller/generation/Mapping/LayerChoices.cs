namespace InstantNet.Generation.Mapping;

/// <summary>What one layer offers at one precision.</summary>
internal sealed class LayerChoices(CostModel model, IReadOnlyList<MappingCandidate> experts, IReadOnlyList<MappingCandidate> frontier)
{
    public CostModel Model { get; } = model;

    /// <summary>The best mapping of each expert flow.</summary>
    public IReadOnlyList<MappingCandidate> Experts { get; } = experts;

    /// <summary>Least energy–delay product first.</summary>
    public IReadOnlyList<MappingCandidate> Frontier { get; } = frontier;

    public int Groups => Model.Workload.Groups;

    /// <summary>A mapping chosen at another precision, at this one's cost.</summary>
    public MappingCandidate Reprice(MappingCandidate other) =>
        new(other.Mapping, Model.Evaluate(other.Mapping.View, new long[Model.CountsLength]));
}
