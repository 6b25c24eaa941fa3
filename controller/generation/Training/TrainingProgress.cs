using InstantNet.Contracts;

namespace InstantNet.Generation.Training;

/// <summary>How far a training run is.</summary>
/// <param name="Step">Optimiser steps done.</param>
/// <param name="Steps">Optimiser steps of the run.</param>
/// <param name="Epoch">Passes over the images done.</param>
/// <param name="Loss">Mean over precisions and recent batches of cross-entropy plus distillation.</param>
/// <param name="Accuracy">Per precision, on recent training batches, 0..1.</param>
/// <param name="ImagesPerSecond">Images trained at every precision, per second since the start.</param>
/// <param name="Remaining">Until the last step, at that speed.</param>
public sealed record TrainingProgress(
    int Step, int Steps, double Epoch, double Loss, IReadOnlyDictionary<Precision, double> Accuracy, double ImagesPerSecond, TimeSpan Remaining);
