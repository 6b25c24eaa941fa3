using InstantNet.Agent.PrecisionControl;
using InstantNet.Contracts;

namespace InstantNet.Agent.Replay;

/// <summary>Variants of a real release: accuracies from its manifest, costs from the dataflows of a class or from what a device measured. Pure.</summary>
internal static class ReleaseVariants
{
    /// <summary>A run folder's documents as the release that would be made of them.</summary>
    /// <param name="id">What the release is called in sentences.</param>
    /// <param name="run">The run.</param>
    /// <param name="mappings">A mapping for each class it was mapped on.</param>
    public static ReleaseDocument Of(WireId id, RunDocument run, IReadOnlyList<MappingDocument> mappings) => new(
        id,
        [.. run.Variants.Select(v => new ReleaseVariant(v.Bits, v.Accuracy, run.Dataset.Test, [.. mappings
            .SelectMany(m => m.Precisions.Where(p => p.Bits == v.Bits).Select(p => new ReleaseCost(m.DeviceClass, p.LatencyMs, p.EnergyMj)))]))]);

    /// <summary>Variants at the costs that dataflows of a class predict.</summary>
    /// <param name="release">The release.</param>
    /// <param name="deviceClass">Null when the release has costs for one class only.</param>
    /// <exception cref="InvalidDataException">There are no such costs; the sentence says which there are.</exception>
    public static VariantCost[] Predicted(ReleaseDocument release, WireId? deviceClass)
    {
        WireId[] classes = [.. release.Variants.SelectMany(v => v.Costs).Select(c => c.DeviceClass).Distinct()];
        string known = classes.Length == 0 ? "it has none" : "it has some for " + string.Join(", ", classes.Select(c => c.Value));
        WireId wanted = deviceClass ?? (classes.Length == 1
            ? classes[0]
            : throw new InvalidDataException($"'{release.Id}' needs --class for its predicted costs, of which {known}; --device takes what a device measured."));
        return Make(release, v => v.Costs.FirstOrDefault(c => c.DeviceClass == wanted) is { } cost
            ? (cost.LatencyMs, cost.EnergyMj)
            : throw new InvalidDataException(
                $"'{release.Id}' has no predicted cost for class '{wanted}' at {v.Bits}: {known}. --device takes what a device of the class measured."));
    }

    /// <summary>Variants at the costs that a device reported.</summary>
    /// <exception cref="InvalidDataException">It runs another release, or has reported no cost of a variant.</exception>
    public static VariantCost[] Measured(ReleaseDocument release, DeviceDocument device)
    {
        if (device.Release != release.Id)
            throw new InvalidDataException($"Device '{device.Id}' runs {(device.Release is { } other ? $"release '{other}'" : "no release")}, not '{release.Id}': what it measured says nothing of it.");
        return Make(release, v => device.Measured.FirstOrDefault(m => m.Bits == v.Bits) is { } cost
            ? (cost.LatencyMs, cost.EnergyMj)
            : throw new InvalidDataException($"Device '{device.Id}' has reported no cost at {v.Bits}."));
    }

    private static VariantCost[] Make(ReleaseDocument release, Func<ReleaseVariant, (double LatencyMs, double EnergyMj)> costOf)
    {
        ReleaseVariant[] variants = [.. release.Variants.OrderBy(v => v.Bits)];
        if (variants.Length == 0)
            throw new InvalidDataException($"'{release.Id}' has no variants.");
        // As the agent weighs them when it loads the release.
        double[] accuracy = AccuracyEvidence.Weigh([.. variants.Select(v => (v.Accuracy, v.TestImages))]);
        return [.. variants.Select((v, i) => costOf(v) is (> 0, > 0) cost
            ? new VariantCost(v.Bits, accuracy[i], cost.LatencyMs, cost.EnergyMj)
            : throw new InvalidDataException($"'{release.Id}' has a cost at {v.Bits} that is not positive: nothing was measured there yet."))];
    }
}
