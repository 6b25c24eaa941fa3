namespace InstantNet.Generation.Export;

/// <summary>How far an exported network is from the trained one on the same images.</summary>
/// <param name="AccuracyPoints">Accuracy of the exported minus the trained network, percentage points.</param>
/// <param name="SamePredictions">Share of images on which both predict the same class, 0..1.</param>
/// <param name="MaxLogitDifference">Largest difference of two scores of the same image and class; NaN when a score is.</param>
public sealed record ParityCheck(double AccuracyPoints, double SamePredictions, float MaxLogitDifference)
{
    /// <summary>Largest accuracy difference that an exact export may show, percentage points: ties that round the other way.</summary>
    public const double AllowedPoints = 0.1;

    /// <summary>True when the accuracy differs by at most <see cref="AllowedPoints"/> either way.</summary>
    public bool Holds => Math.Abs(AccuracyPoints) <= AllowedPoints + 1e-9 && !float.IsNaN(MaxLogitDifference);

    /// <summary>
    /// Whether the images on which the two differ fall to either side as by chance: accuracy differs by at most three standard deviations of that many
    /// fair coins (McNemar, 1947). In a deep network that nobody trained to round, one code that ties and rounds the other way is many codes further on.
    /// </summary>
    /// <param name="images">That were compared.</param>
    public bool HoldsAsByChance(int images) =>
        Math.Abs(AccuracyPoints) * images / 100 <= (3 * Math.Sqrt((1 - SamePredictions) * images)) + 1e-9 && !float.IsNaN(MaxLogitDifference);

    /// <param name="trained">What training computed.</param>
    /// <param name="exported">What the exported model computed on the same images in the same order.</param>
    /// <exception cref="ArgumentException">Not the same number of images or classes, or no images.</exception>
    public static ParityCheck Compare(Evaluation trained, Evaluation exported)
    {
        ArgumentNullException.ThrowIfNull(trained);
        ArgumentNullException.ThrowIfNull(exported);
        if (trained.Count != exported.Count || trained.Classes != exported.Classes || trained.Count == 0)
        {
            throw new ArgumentException($"Only answers to the same images compare: {trained.Count} images of {trained.Classes} classes "
                + $"are not {exported.Count} of {exported.Classes}.");
        }

        int same = 0;
        for (int i = 0; i < trained.Count; i++)
            same += trained.Predictions[i] == exported.Predictions[i] ? 1 : 0;
        float largest = 0;
        for (int i = 0; i < trained.Logits.Length; i++)
            largest = MathF.Max(largest, MathF.Abs(trained.Logits[i] - exported.Logits[i])); // NaN wins in MathF.Max
        return new ParityCheck(100.0 * (exported.Correct - trained.Correct) / trained.Count, (double)same / trained.Count, largest);
    }
}
