using System.Globalization;
using InstantNet.Contracts.Releases;

namespace InstantNet.Agent.Inference;

/// <summary>Whether a loaded variant answers the golden frames as it did where it was made.</summary>
internal static class GoldenCheck
{
    /// <summary>Runs every golden frame through one variant.</summary>
    /// <param name="variant">Loaded.</param>
    /// <param name="frames">Golden.Count frames, one after the other.</param>
    /// <returns>Null when all answers agree, else the first that does not, as one sentence.</returns>
    public static string? FirstFault(ResidentVariant variant, ReadOnlySpan<byte> frames)
    {
        ReleaseManifest manifest = variant.Runtime.Release.Manifest;
        int frameBytes = manifest.Input.Bytes;
        for (int i = 0; i < manifest.Golden.Count; i++)
        {
            variant.Answer(frames.Slice(i * frameBytes, frameBytes));
            string? fault = Compare(variant.Scores, manifest.Variants[variant.Index].GoldenLogits[i], manifest);
            if (fault is not null)
                return string.Create(CultureInfo.InvariantCulture, $"The {variant.Bits} variant answers golden frame {i} wrongly: {fault}.");
        }

        return null;
    }

    /// <summary>What differs between one answer and its golden one; null when nothing that matters does.</summary>
    public static string? Compare(ReadOnlySpan<float> answer, IReadOnlyList<float> golden, ReleaseManifest manifest)
    {
        float[] expected = [.. golden];
        int worst = 0;
        for (int i = 1; i < expected.Length; i++)
        {
            // Written so that a NaN counts as the worst of all.
            if (!(MathF.Abs(answer[i] - expected[i]) <= MathF.Abs(answer[worst] - expected[worst])))
                worst = i;
        }

        float difference = MathF.Abs(answer[worst] - expected[worst]);
        int got = Logits.Top(answer), wanted = Logits.Top(expected);
        double tolerance = manifest.Golden.LogitTolerance;
        if (got != wanted)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"class '{manifest.Labels[got]}' instead of '{manifest.Labels[wanted]}', logits differ by up to {difference:G4}");
        }

        return difference <= tolerance
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"logit {worst} differs by {difference:G4}, {tolerance:G4} is accepted");
    }
}
