using System.Text.Json.Serialization;
using InstantNet.Contracts;
using InstantNet.Contracts.Releases;
using InstantNet.Controller.Fleet;
using InstantNet.Generation.Runs;

namespace InstantNet.Controller.Releases;

/// <summary>Variants of a release for the simulator, at costs of the dataflows of a class or of what a device measured. Pure.</summary>
internal static class VariantEntries
{
    /// <summary>Variants of a finished run, as the release that would be made of it has them.</summary>
    /// <param name="run">The run.</param>
    /// <param name="mappings">A mapping for each class it was mapped on.</param>
    public static IReadOnlyList<ReleaseVariantView> Of(RunReport run, IReadOnlyList<MappingReport> mappings) =>
    [
        .. run.Variants.Select(v => new ReleaseVariantView(v.Bits, v.Accuracy, run.Dataset.Test, v.ModelBytes, [.. mappings
            .SelectMany(m => m.Precisions.Where(p => p.Bits == v.Bits).Select(p => new PredictedCostView(m.DeviceClass, p.LatencyMs, p.EnergyMj)))])),
    ];

    /// <summary>Variants at the costs that dataflows of a class predict.</summary>
    /// <param name="name">What the release is called in sentences.</param>
    /// <param name="variants">Its variants.</param>
    /// <param name="deviceClass">Null when the release has costs for one class only.</param>
    /// <exception cref="InvalidDataException">There are no such costs; the sentence says which there are.</exception>
    public static IReadOnlyList<VariantEntry> Predicted(string name, IReadOnlyList<ReleaseVariantView> variants, WireId? deviceClass)
    {
        WireId[] classes = [.. variants.SelectMany(v => v.Costs).Select(c => c.DeviceClass).Distinct()];
        string known = classes.Length == 0 ? "it has none" : "it has some for " + string.Join(", ", classes.Select(c => c.Value));
        WireId wanted = deviceClass ?? (classes.Length == 1
            ? classes[0]
            : throw new InvalidDataException($"'{name}' needs --class for its predicted costs, of which {known}; --device takes what a device measured."));
        return Make(name, variants, v => v.Costs.FirstOrDefault(c => c.DeviceClass == wanted) is { } cost
            ? (cost.LatencyMs, cost.EnergyMj)
            : throw new InvalidDataException(
                $"'{name}' has no predicted cost for class '{wanted}' at {v.Bits}: {known}. --device takes what a device of the class measured."));
    }

    /// <summary>Variants at the costs that a device reported.</summary>
    /// <exception cref="InvalidDataException">It runs another release, or has reported no cost of a variant.</exception>
    public static IReadOnlyList<VariantEntry> Measured(string name, IReadOnlyList<ReleaseVariantView> variants, DeviceView device)
    {
        if (device.Release?.Value != name)
            throw new InvalidDataException($"Device '{device.Id}' runs {(device.Release is { } other ? $"release '{other}'" : "no release")}, not '{name}': what it measured says nothing of it.");
        return Make(name, variants, v => device.Measured.FirstOrDefault(m => m.Bits == v.Bits) is { } cost
            ? (cost.LatencyMs, cost.EnergyMj)
            : throw new InvalidDataException($"Device '{device.Id}' has reported no cost at {v.Bits}."));
    }

    private static List<VariantEntry> Make(
        string name, IReadOnlyList<ReleaseVariantView> variants, Func<ReleaseVariantView, (double LatencyMs, double EnergyMj)> costOf)
    {
        if (variants.Count == 0)
            throw new InvalidDataException($"'{name}' has no variants.");
        return [.. variants.OrderBy(v => v.Bits).Select(v => costOf(v) is (> 0, > 0) cost
            ? new VariantEntry(v.Bits, v.Accuracy, cost.LatencyMs, cost.EnergyMj, v.TestImages)
            : throw new InvalidDataException($"'{name}' has a cost at {v.Bits} that is not positive: nothing was measured there yet."))];
    }
}

/// <summary>The JSON of the simulator's variants.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<VariantEntry>))]
internal sealed partial class VariantEntryJson : JsonSerializerContext;
