using InstantNet.Generation.Training;

namespace InstantNet.Generation.Search;

/// <summary>How far a comparison of searches is.</summary>
/// <param name="Doing">What it does just now, for people.</param>
/// <param name="Fraction">Of that, 0..1; null where it is not known.</param>
/// <param name="Search">How far the search at work is; null otherwise.</param>
/// <param name="Training">How far the training at work is; null otherwise.</param>
public sealed record SearchProgress(string Doing, double? Fraction, SearchStep? Search = null, TrainingProgress? Training = null);
