using InstantNet.Generation.Training;

namespace InstantNet.Generation.Comparisons;

/// <summary>How far a comparison is.</summary>
/// <param name="Doing">What it does just now, for people.</param>
/// <param name="Run">Runs ended.</param>
/// <param name="Runs">Runs in all; 0 while the speed is measured.</param>
/// <param name="Training">How far the run at work is; null between runs.</param>
public sealed record ComparisonProgress(string Doing, int Run, int Runs, TrainingProgress? Training);
