namespace InstantNet.Generation.Mapping.Search;

/// <summary>When a search of one layer ends: at the first limit reached.</summary>
/// <param name="Evaluations">Most mappings costed, at least 1.</param>
/// <param name="Time">Most time, checked every few generations; null is unlimited. A result that time cut short differs from run to run.</param>
/// <param name="IdleEvaluations">Mappings costed without an improvement after which the search gives up; unlimited by default.</param>
public sealed record SearchBudget(long Evaluations, TimeSpan? Time = null, long IdleEvaluations = long.MaxValue);
