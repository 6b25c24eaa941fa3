namespace InstantNet.Generation.Mapping;

/// <summary>A mapping with its cost.</summary>
/// <param name="Mapping">Not changed any more.</param>
/// <param name="Cost">Of one group of the layer.</param>
public sealed record MappingCandidate(EncodedMapping Mapping, Cost Cost);
