using InstantNet.Contracts;

namespace InstantNet.Generation.Training.Schedules;

/// <summary>Decides which networks are trained at which bit-widths, and who teaches whom. Stateless; does nothing itself.</summary>
/// <remarks>
/// Every schedule spends the same: one forward and backward pass of one batch at one bit-width is the unit, and the passes of all its networks sum
/// to steps × bit-widths of the options, by one step at most.
/// </remarks>
public interface ITrainingSchedule
{
    /// <summary>What configuration calls it; unique, lower case.</summary>
    string Name { get; }

    /// <summary>The networks, in the order they are trained; each bit-width of the options is served by exactly one of them.</summary>
    /// <param name="options">As if one network were trained at all of its bit-widths.</param>
    IReadOnlyList<PlannedNetwork> Plan(TrainingOptions options);
}

/// <summary>One network of a schedule.</summary>
/// <param name="Training">How it is trained; its precisions are those that learn.</param>
/// <param name="Serves">Bit-widths that it runs at in the end, ascending; where they are not those that learn, it is quantised after training.</param>
public sealed record PlannedNetwork(TrainingOptions Training, IReadOnlyList<Precision> Serves);
