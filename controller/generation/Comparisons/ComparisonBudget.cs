using System.Globalization;

namespace InstantNet.Generation.Comparisons;

/// <summary>What every run of a comparison may do, so that all of them together take a given time.</summary>
/// <param name="Steps">Optimiser steps of a network that learns at all bit-widths; other schedules spend the same passes.</param>
/// <param name="TestImages">Images that every variant answers.</param>
/// <param name="RecalibrationImages">Images of the batch norms' statistics.</param>
internal sealed record ComparisonBudget(int Steps, int TestImages, int RecalibrationImages)
{
    /// <summary>Most of the time that may go into recalibration and tests; below it, fewer images are looked at.</summary>
    private const double LargestOverhead = 0.25;

    // Fewer say little about accuracy (500 images: two points of standard error) or about statistics.
    private const int FewestTestImages = 500, FewestRecalibrationImages = 200;

    /// <summary>Divides the time that is left among the runs.</summary>
    /// <param name="available">Seconds left.</param>
    /// <param name="runSecondsPerStep">For every run: seconds that its schedule takes for what one step of all bit-widths is worth.</param>
    /// <param name="secondsPerImage">Of a forward pass at one bit-width.</param>
    /// <param name="precisions">Bit-widths that a run serves.</param>
    /// <param name="most">Images at the most, and steps of one epoch times the most epochs worth trying.</param>
    /// <exception cref="ArgumentException">The time does not suffice for one step.</exception>
    public static ComparisonBudget Divide(
        double available, IReadOnlyList<double> runSecondsPerStep, double secondsPerImage, int precisions, ComparisonBudget most)
    {
        // Post-training quantisation recalibrates its float network too: one bit-width more.
        double FixedSeconds(int test, int recalibration) =>
            runSecondsPerStep.Count * secondsPerImage * (((double)test * precisions) + ((double)recalibration * (precisions + 1)));

        double share = Math.Min(1, LargestOverhead * available / FixedSeconds(most.TestImages, most.RecalibrationImages));
        int testImages = Math.Min(most.TestImages, Math.Max(FewestTestImages, (int)(share * most.TestImages)));
        int recalibrationImages = Math.Min(most.RecalibrationImages, Math.Max(FewestRecalibrationImages, (int)(share * most.RecalibrationImages)));
        double overhead = FixedSeconds(testImages, recalibrationImages), step = runSecondsPerStep.Sum();
        double steps = (available - overhead) / step;
        return steps >= 1
            ? new ComparisonBudget((int)Math.Min(steps, most.Steps), testImages, recalibrationImages)
            : throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"The budget does not suffice: one step of every run takes {step:F1} s and testing them {overhead:F0} s, {Math.Max(0, available):F0} s are left for it."));
    }
}
