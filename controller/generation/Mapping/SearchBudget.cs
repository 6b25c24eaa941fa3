namespace InstantNet.Generation.Mapping;

/// <summary>When a search of one layer ends: at the first limit reached.</summary>
/// <param name="Evaluations">Most mappings costed, at least 1; with the seed it alone decides the result.</param>
/// <param name="Time">Most time, checked once a generation; null is unlimited. A result that time cut short differs from run to run.</param>
public sealed record SearchBudget(long Evaluations, TimeSpan? Time = null);
