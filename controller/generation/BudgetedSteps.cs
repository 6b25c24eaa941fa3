using InstantNet.Generation.Comparisons;
using InstantNet.Generation.Runs;
using InstantNet.Generation.Training;
using InstantNet.Generation.Training.Schedules;

namespace InstantNet.Generation;

/// <summary>Measures the speed of this machine and turns a budget of time into epochs.</summary>
/// <param name="time">Clock.</param>
internal sealed class BudgetedSteps(TimeProvider time)
{
    /// <summary>Options with as many epochs as the rest of the budget holds.</summary>
    /// <param name="options">What to generate.</param>
    /// <param name="images">Its images.</param>
    /// <param name="budget">Time for everything.</param>
    /// <param name="began">When that time began to run.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">The time does not suffice for one step.</exception>
    public (GenerationOptions Options, StepBudget Budget) Choose(
        GenerationOptions options, LoadedImages images, TimeSpan budget, long began, CancellationToken cancellationToken)
    {
        TrainingOptions training = options.Training;
        double oneStep = (double)Math.Min(training.BatchSize, images.Train.Count) / images.Train.Count;
        SpeedProbe probe = new(images.Net, images.Train.Labeled(), time);
        double perStep = probe.SecondsOf(options.Schedule.Plan(training with { Epochs = oneStep }), budget, cancellationToken);
        double perImage = probe.SecondsPerImage(training, cancellationToken);
        int precisions = training.Precisions.Count;
        long recalibrated = (long)Math.Min(training.RecalibrationImages, images.Train.Count) * (precisions + 1);
        StepBudget divided = StepBudget.Divide(
            budget.TotalSeconds, time.GetElapsedTime(began).TotalSeconds, perStep, perImage, (recalibrated, (long)images.Test.Count * precisions));
        return (options with { Training = training with { Epochs = divided.Steps * oneStep }, Budget = null }, divided);
    }
}
