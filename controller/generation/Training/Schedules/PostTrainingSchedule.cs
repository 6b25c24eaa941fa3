using InstantNet.Contracts;

namespace InstantNet.Generation.Training.Schedules;

/// <summary>A float network gets all passes, then it is quantised to every bit-width with clips and batch norm statistics from training images.</summary>
public sealed class PostTrainingSchedule : ITrainingSchedule
{
    /// <inheritdoc/>
    public string Name => "ptq";

    /// <inheritdoc/>
    public IReadOnlyList<PlannedNetwork> Plan(TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        TrainingOptions inFloat = options with
        {
            Precisions = [Precision.Full],
            Epochs = options.Epochs * options.Precisions.Count,
            Teachers = TeacherChoice.None,
        };
        return [new PlannedNetwork(inFloat, options.Precisions)];
    }
}
