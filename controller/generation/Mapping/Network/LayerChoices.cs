using InstantNet.Generation.Mapping.Accounting;
using InstantNet.Generation.Mapping.Search;

namespace InstantNet.Generation.Mapping.Network;

/// <summary>What one layer offers at one precision on one engine.</summary>
/// <param name="Model">Costs of the layer as it is.</param>
/// <param name="Experts">The best mapping of each flow, in the order of the search's flows.</param>
/// <param name="Frontier">Best first.</param>
internal sealed record LayerChoices(CostModel Model, IReadOnlyList<MappingCandidate> Experts, IReadOnlyList<MappingCandidate> Frontier)
{
    /// <summary>How often a candidate's cost is paid for the whole layer.</summary>
    public int Repeats => Model.Repeats;

    /// <summary>The accounting of a candidate, whose loops may be padded.</summary>
    public CostModel ModelOf(MappingCandidate candidate) => candidate.Padded is Workload padded
        ? new CostModel(padded, Model.Architecture, Model.Bits, effects: Model.Effects)
        : Model;

    /// <summary>A mapping chosen at another precision, at this one's cost.</summary>
    public MappingCandidate Reprice(MappingCandidate other) =>
        other with { Cost = ModelOf(other).Evaluate(other.Mapping.View, new long[Model.CountsLength]) };

    /// <summary>Whole layer, all groups.</summary>
    public Cost Total(MappingCandidate candidate) => new(candidate.Cost.EnergyPicojoules * Repeats, candidate.Cost.Cycles * Repeats);
}
