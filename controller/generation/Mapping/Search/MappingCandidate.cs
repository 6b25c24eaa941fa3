using InstantNet.Generation.Mapping.Accounting;

namespace InstantNet.Generation.Mapping.Search;

/// <summary>A mapping with its cost.</summary>
/// <param name="Mapping">Not changed any more.</param>
/// <param name="Cost">Of one group of the layer.</param>
/// <param name="Padded">The loops that it runs when they are more than the layer's; null when they are the layer's own.</param>
public sealed record MappingCandidate(EncodedMapping Mapping, Cost Cost, Workload? Padded = null);
