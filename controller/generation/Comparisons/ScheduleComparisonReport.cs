using InstantNet.Contracts;
using InstantNet.Generation.Training;

namespace InstantNet.Generation.Comparisons;

/// <summary>What a comparison of schedules found.</summary>
/// <param name="V">Format version, 1.</param>
/// <param name="Setting">What all runs have in common.</param>
/// <param name="Seconds">Wall time of everything.</param>
/// <param name="Schedules">In the order they were asked for.</param>
/// <param name="Runs">In the order they ran.</param>
public sealed record ScheduleComparisonReport(
    int V, ComparisonSetting Setting, double Seconds, IReadOnlyList<ScheduleSummary> Schedules, IReadOnlyList<ScheduleRun> Runs)
{
    /// <summary>Version written today.</summary>
    public const int FormatVersion = 1;
}

/// <summary>What all runs have in common.</summary>
/// <param name="Dataset">Name.</param>
/// <param name="Network">Name.</param>
/// <param name="Quantizer">Name.</param>
/// <param name="Distance">By which teachers pull.</param>
/// <param name="Bits">Bit-widths, ascending.</param>
/// <param name="Seeds">Runs of each schedule.</param>
/// <param name="BudgetSeconds">What was asked for.</param>
/// <param name="TrainImages">Images to learn from.</param>
/// <param name="TestImages">Images that each variant answered, once, after its training: nothing was chosen on them.</param>
/// <param name="BatchSize">Images of one step.</param>
public sealed record ComparisonSetting(
    string Dataset, string Network, string Quantizer, TeacherDistance Distance, IReadOnlyList<Precision> Bits, int Seeds, double BudgetSeconds, int TrainImages,
    int TestImages, int BatchSize);

/// <summary>One schedule over all seeds.</summary>
/// <param name="Schedule">Name.</param>
/// <param name="Networks">Trained in one run.</param>
/// <param name="Steps">Optimiser steps of one run, all networks together.</param>
/// <param name="Passes">Forward and backward passes of one batch at one bit-width, of one run: the same for all schedules.</param>
/// <param name="Epochs">Passes over the training images that each bit-width had, mean over those that learned.</param>
/// <param name="Seconds">Training time of one run, mean.</param>
/// <param name="Accuracy">Fewest bits first.</param>
public sealed record ScheduleSummary(
    string Schedule, int Networks, int Steps, long Passes, double Epochs, double Seconds, IReadOnlyList<AccuracySummary> Accuracy);

/// <summary>Test accuracy of a schedule at one bit-width.</summary>
/// <param name="Bits">Bit-width.</param>
/// <param name="Mean">Over the seeds whose training did not diverge, 0..1; null where all did.</param>
/// <param name="StandardDeviation">Of the sample, n - 1; null below two seeds.</param>
/// <param name="Seeds">Seeds that count.</param>
public sealed record AccuracySummary(Precision Bits, double? Mean, double? StandardDeviation, int Seeds)
{
    /// <param name="bits">Bit-width.</param>
    /// <param name="accuracies">One of each seed.</param>
    public static AccuracySummary Of(Precision bits, IReadOnlyList<double> accuracies)
    {
        ArgumentNullException.ThrowIfNull(accuracies);
        if (accuracies.Count == 0)
            return new AccuracySummary(bits, Mean: null, StandardDeviation: null, Seeds: 0);
        double mean = accuracies.Average();
        double? deviation = accuracies.Count > 1 ? Math.Sqrt(accuracies.Sum(a => (a - mean) * (a - mean)) / (accuracies.Count - 1)) : null;
        return new AccuracySummary(bits, mean, deviation, accuracies.Count);
    }
}

/// <summary>One schedule with one seed.</summary>
/// <param name="Schedule">Name.</param>
/// <param name="Seed">Of initial weights and order of images.</param>
/// <param name="Seconds">Training, recalibration included.</param>
/// <param name="Accuracy">On the test images, fewest bits first; empty where training failed.</param>
/// <param name="Failure">Why training stopped early; null where it did not.</param>
public sealed record ScheduleRun(string Schedule, int Seed, double Seconds, IReadOnlyList<VariantAccuracy> Accuracy, string? Failure);

/// <summary>One variant.</summary>
/// <param name="Bits">Bit-width.</param>
/// <param name="Accuracy">0..1.</param>
public sealed record VariantAccuracy(Precision Bits, double Accuracy);
