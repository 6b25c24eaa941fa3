using InstantNet.Contracts;

namespace InstantNet.Generation.Training;

/// <summary>What a network says about some images at one precision.</summary>
/// <param name="Precision">Bit-width it ran at.</param>
/// <param name="Accuracy">Part of the images whose highest score is their label's, 0..1.</param>
/// <param name="Predictions">Class of the highest score, [images]; the first among equals.</param>
/// <param name="Logits">[images, classes], row-major.</param>
public sealed record Evaluation(Precision Precision, double Accuracy, int[] Predictions, float[] Logits)
{
    internal static Evaluation Of(Precision precision, float[] logits, ReadOnlySpan<byte> labels)
    {
        int classes = logits.Length / labels.Length, correct = 0;
        int[] predictions = new int[labels.Length];
        for (int i = 0; i < predictions.Length; i++)
        {
            ReadOnlySpan<float> scores = logits.AsSpan(i * classes, classes);
            for (int c = 1; c < classes; c++)
            {
                if (scores[c] > scores[predictions[i]])
                    predictions[i] = c;
            }

            correct += predictions[i] == labels[i] ? 1 : 0;
        }

        return new Evaluation(precision, (double)correct / labels.Length, predictions, logits);
    }

    /// <summary>Images whose highest score is their label's.</summary>
    internal static int CountCorrect(Tensor logits, Tensor labels)
    {
        Span<long> predicted = logits.argmax(1).Elements<long>(), expected = labels.Elements<long>();
        int correct = 0;
        for (int i = 0; i < predicted.Length; i++)
        {
            correct += predicted[i] == expected[i] ? 1 : 0;
        }

        return correct;
    }
}
