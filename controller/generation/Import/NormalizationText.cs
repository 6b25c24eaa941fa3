using System.Globalization;
using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Import;

/// <summary>Reads means and standard deviations as people write them: "0.485,0.456,0.406".</summary>
public static class NormalizationText
{
    /// <summary>What both together say.</summary>
    /// <param name="means">One number or one a channel, separated by commas; null is 0.</param>
    /// <param name="deviations">Likewise, above 0; null is 1.</param>
    /// <returns>Null when both are null.</returns>
    /// <exception cref="FormatException">Something else than numbers, a deviation that is not above 0, or not as many of both.</exception>
    public static InputNormalization? Parse(string? means, string? deviations)
    {
        if (means is null && deviations is null)
            return null;
        float[] taken = Numbers("mean", means ?? "0"), divided = Numbers("deviation", deviations ?? "1");
        int channels = Math.Max(taken.Length, divided.Length);
        if (taken.Length != channels)
            taken = Repeated(taken, channels);
        if (divided.Length != channels)
            divided = Repeated(divided, channels);
        if (divided.Any(d => !(d > 0)))
            throw new FormatException($"'{deviations}' holds a standard deviation that is not above 0.");
        return new InputNormalization(taken, [.. divided.Select(d => 1 / d)]);
    }

    private static float[] Repeated(float[] values, int channels) => values is [var one]
        ? [.. Enumerable.Repeat(one, channels)]
        : throw new FormatException($"{values.Length} means or deviations do not go with {channels} of the other.");

    private static float[] Numbers(string what, string text) =>
        [.. text.Split(',').Select(t => float.TryParse(t.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && float.IsFinite(value)
            ? value
            : throw new FormatException($"'{t}' is no {what}: numbers separated by commas are accepted."))];
}
