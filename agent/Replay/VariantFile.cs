using System.Text.Json;
using InstantNet.Agent.PrecisionControl;
using InstantNet.Contracts.Releases;

namespace InstantNet.Agent.Replay;

/// <summary>Reads an array of <see cref="VariantEntry"/>; where all have <c>testImages</c>, accuracies are weighed by them as when a device loads a release.</summary>
internal static class VariantFile
{
    /// <summary>Variants, fewest bits first.</summary>
    /// <exception cref="InvalidDataException">No such file; the sentence says what is accepted.</exception>
    public static VariantCost[] Parse(string name, string text)
    {
        List<VariantEntry>? entries;
        try
        {
            entries = JsonSerializer.Deserialize(text, ReplayJson.Default.ListVariantEntry);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{name} holds no variants: {e.Message}", e);
        }

        if (entries is not { Count: > 0 } || entries.Any(e => e is null) || entries.Select(e => e.Bits).Distinct().Count() != entries.Count)
            throw new InvalidDataException($"{name} holds no variants: an array with each bit-width once is accepted.");
        if (entries.FirstOrDefault(e => e.Accuracy is not (>= 0 and <= 1) || !IsPositive(e.LatencyMs) || !IsPositive(e.EnergyMj)) is { } wrong)
            throw new InvalidDataException($"{name}: the {wrong.Bits} variant has an accuracy outside 0 to 1, or a latencyMs or energyMj that is not positive.");
        VariantEntry[] ordered = [.. entries.OrderBy(e => e.Bits)];
        double[] accuracy = ordered.All(e => e.TestImages > 0)
            ? AccuracyEvidence.Weigh([.. ordered.Select(e => (e.Accuracy, e.TestImages!.Value))])
            : [.. ordered.Select(e => e.Accuracy)];
        return [.. ordered.Select((e, i) => new VariantCost(e.Bits, accuracy[i], e.LatencyMs, e.EnergyMj))];
    }

    private static bool IsPositive(double value) => double.IsFinite(value) && value > 0;
}
