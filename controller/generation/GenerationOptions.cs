using InstantNet.Generation.Datasets;
using InstantNet.Generation.Training;
using InstantNet.Generation.Training.Schedules;

namespace InstantNet.Generation;

/// <summary>What to generate.</summary>
/// <param name="Network">Name in <see cref="Networks.NetCatalog"/>, or path of a .json file with a <see cref="Networks.NetworkDocument"/>.</param>
/// <param name="Training">How to train; its seed is the seed of the whole run. Its augmentation is replaced, see <see cref="Augmentation"/>.</param>
/// <param name="TrainImages">Train on the first so many images only; 0 for all.</param>
/// <param name="Dataset">Which images, and where they lie.</param>
public sealed record GenerationOptions(string Network, TrainingOptions Training, int TrainImages, DatasetOptions Dataset)
{
    /// <summary>Changes to training images; null for those that the data set asks for.</summary>
    public Augmentation? Augmentation { get; init; }

    /// <summary>Which networks are trained at which bit-widths. Default cascade distillation.</summary>
    public ITrainingSchedule Schedule { get; init; } = ScheduleCatalog.Default;
}
