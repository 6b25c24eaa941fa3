using InstantNet.Contracts;

namespace InstantNet.Generation.Training.Checkpoints;

/// <summary>A training between two steps. Valid until the companion that it was given to returns.</summary>
/// <param name="Progress">How far it is, over all networks of the schedule.</param>
/// <param name="LearningRate">Of the step just made.</param>
/// <param name="Precisions">What the network at work learns, ascending.</param>
/// <param name="EndsNetwork">Whether it was the last step of the network at work.</param>
/// <param name="Visit">Passes over the whole state.</param>
/// <param name="Evaluate">Runs the network as it is, statistics not recalibrated, on images at one of the precisions; gives the accuracy, 0..1.</param>
public sealed record TrainingMoment(
    TrainingProgress Progress, double LearningRate, IReadOnlyList<Precision> Precisions, bool EndsNetwork, Action<IStateVisitor> Visit,
    Func<LabeledImages, Precision, double> Evaluate);
