namespace InstantNet.Generation.Export;

/// <summary>What a network answered on labelled images.</summary>
public sealed record Evaluation
{
    private Evaluation(float[] logits, int classes, int[] predictions, int correct)
    {
        Logits = logits;
        Classes = classes;
        Predictions = predictions;
        Correct = correct;
    }

    /// <summary>Scores, [images, classes], row-major.</summary>
    public float[] Logits { get; }

    /// <summary>Number of classes.</summary>
    public int Classes { get; }

    /// <summary>Class with the highest score of each image; the first of equal ones.</summary>
    public int[] Predictions { get; }

    /// <summary>Images whose prediction is their label.</summary>
    public int Correct { get; }

    /// <summary>Number of images.</summary>
    public int Count => Predictions.Length;

    /// <summary>Correct / Count, 0..1; 0 without images.</summary>
    public double Accuracy => Count == 0 ? 0 : (double)Correct / Count;

    /// <summary>Judges scores, whoever computed them.</summary>
    /// <param name="logits">[images, classes], row-major; kept, not copied. NaN is never the highest score.</param>
    /// <param name="classes">At least 1.</param>
    /// <param name="labels">[images]; no class beyond the 256th is ever one.</param>
    /// <exception cref="ArgumentException">The counts do not fit.</exception>
    public static Evaluation Of(float[] logits, int classes, ReadOnlySpan<byte> labels)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        if (logits.Length != (long)labels.Length * classes)
        {
            throw new ArgumentException(
                $"{labels.Length} images of {classes} classes need {(long)labels.Length * classes} scores, not {logits.Length}.", nameof(logits));
        }

        int[] predictions = new int[labels.Length];
        int correct = 0;
        for (int i = 0; i < predictions.Length; i++)
        {
            predictions[i] = Highest(logits.AsSpan(i * classes, classes));
            correct += predictions[i] == labels[i] ? 1 : 0;
        }

        return new Evaluation(logits, classes, predictions, correct);
    }

    private static int Highest(ReadOnlySpan<float> scores)
    {
        int best = 0;
        for (int c = 1; c < scores.Length; c++)
        {
            if (scores[c] > scores[best] || float.IsNaN(scores[best]))
                best = c;
        }

        return best;
    }
}
