namespace InstantNet.Agent.PrecisionControl;

/// <summary>Accuracies to decide by, from accuracies measured on so many images. Pure.</summary>
/// <remarks>
/// More bits can express all that fewer can, so they are presumed no less accurate; a lead of fewer bits counts only when it is larger than the
/// standard error of the difference of two shares. Else which precisions a device offers would hang on a dozen of ten thousand test images.
/// </remarks>
internal static class AccuracyEvidence
{
    // Just enough that a variant presumed better is not taken for an equal one.
    private const double Least = 1e-9;

    /// <summary>Accuracy to decide by for each variant.</summary>
    /// <param name="measured">Share of test images classified right, 0..1, and their number; fewest bits first.</param>
    public static double[] Weigh(ReadOnlySpan<(double Accuracy, int TestImages)> measured)
    {
        double[] weighed = new double[measured.Length];
        int best = 0;
        for (int i = 0; i < measured.Length; i++)
        {
            weighed[i] = measured[i].Accuracy;
            if (i > 0 && measured[i].Accuracy <= weighed[best] && weighed[best] - measured[i].Accuracy <= StandardError(measured[i], measured[best]))
                weighed[i] = weighed[best] + Least;
            if (weighed[i] > weighed[best])
                best = i;
        }

        return weighed;
    }

    private static double StandardError((double Accuracy, int TestImages) a, (double Accuracy, int TestImages) b) =>
        Math.Sqrt(Variance(a) + Variance(b));

    private static double Variance((double Accuracy, int TestImages) share) =>
        share.TestImages > 0 ? share.Accuracy * (1 - share.Accuracy) / share.TestImages : 0;
}
