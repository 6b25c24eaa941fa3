namespace InstantNet.Generation.Training.Schedules;

/// <summary>One network per bit-width, each with as many steps as a shared one would have: a step of one bit-width is one pass instead of several.</summary>
/// <remarks>Switching between its variants costs a device a whole set of weights each.</remarks>
public sealed class IndependentSchedule : ITrainingSchedule
{
    /// <inheritdoc/>
    public string Name => "independent";

    /// <inheritdoc/>
    public IReadOnlyList<PlannedNetwork> Plan(TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return [.. options.Precisions.Select(p => new PlannedNetwork(options with { Precisions = [p], Teachers = TeacherChoice.None }, [p]))];
    }
}
