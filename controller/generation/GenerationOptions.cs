using System.Text.Json;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Runs;
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

    /// <summary>Time between two checkpoints. Default a minute.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether a run by these options is one that others ask for, wherever its images lie and however often it keeps its state.</summary>
    /// <param name="asked">As somebody asks for it.</param>
    public bool Asks(GenerationOptions asked)
    {
        ArgumentNullException.ThrowIfNull(asked);
        GenerationOptions alike = asked with
        {
            Training = asked.Training with { Augmentation = Training.Augmentation },
            Dataset = Dataset with { Name = asked.Dataset.Name, Format = asked.Dataset.Format },
            CheckpointEvery = CheckpointEvery,
        };
        return JsonSerializer.Serialize(alike, RunJson.Default.GenerationOptions) == JsonSerializer.Serialize(this, RunJson.Default.GenerationOptions);
    }

    /// <summary>Time for everything, from which the epochs follow; null to go by <see cref="TrainingOptions.Epochs"/>.</summary>
    public TimeSpan? Budget { get; init; }
}
