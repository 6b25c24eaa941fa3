using InstantNet.Generation.Datasets;
using InstantNet.Generation.Training;
using InstantNet.Generation.Training.Schedules;

namespace InstantNet.Generation.Comparisons;

/// <summary>Which schedules to compare, on what, and for how long.</summary>
/// <param name="Schedules">At least one.</param>
/// <param name="Training">Common to all but for epochs, seed and augmentation, which the comparison sets.</param>
/// <param name="Seeds">Runs of each schedule, at least 1; they differ in initial weights and order of images, not in the split.</param>
/// <param name="Budget">Wall time of everything, the measuring of speed included; runs stay near it as far as that speed holds.</param>
/// <param name="Dataset">Which images, and where they lie.</param>
public sealed record ScheduleComparisonOptions(
    IReadOnlyList<ITrainingSchedule> Schedules, TrainingOptions Training, int Seeds, TimeSpan Budget, DatasetOptions Dataset)
{
    /// <summary>Changes to training images; null for those that the data set asks for.</summary>
    public Augmentation? Augmentation { get; init; }
}
