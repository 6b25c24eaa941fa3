namespace InstantNet.Generation.Mapping.Search;

/// <summary>What a search found.</summary>
/// <param name="Best">Least energy–delay product.</param>
/// <param name="Frontier">Mappings near the best none of which is both hungrier and slower than another, best energy–delay product first; never empty.</param>
/// <param name="Evaluations">Mappings costed.</param>
public sealed record SearchOutcome(MappingCandidate Best, IReadOnlyList<MappingCandidate> Frontier, long Evaluations);
