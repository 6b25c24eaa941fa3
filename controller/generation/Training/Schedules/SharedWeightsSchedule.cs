namespace InstantNet.Generation.Training.Schedules;

/// <summary>One set of weights learns at every bit-width of every batch; schedules of this kind differ in who teaches whom.</summary>
/// <param name="name">See <see cref="ITrainingSchedule.Name"/>.</param>
/// <param name="teachers">Which higher precisions teach a lower one.</param>
public sealed class SharedWeightsSchedule(string name, TeacherChoice teachers) : ITrainingSchedule
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public IReadOnlyList<PlannedNetwork> Plan(TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return [new PlannedNetwork(options with { Teachers = teachers }, options.Precisions)];
    }
}
