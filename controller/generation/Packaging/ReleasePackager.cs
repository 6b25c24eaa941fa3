using InstantNet.Contracts;
using InstantNet.Contracts.Releases;
using InstantNet.Generation.Export;
using InstantNet.Generation.Runs;

namespace InstantNet.Generation.Packaging;

/// <summary>Makes a signed release of a finished run and what the mapper found for it.</summary>
public static class ReleasePackager
{
    private const string MinAgent = "0.1.0";

    // Integer variants answer bit for bit alike on CPUs of one kind; float kernels and the residual sums of other CPUs differ in the last places.
    private const double LogitTolerance = 0.25;

    /// <summary>Reads the run folder, addresses every file by content, and signs.</summary>
    /// <exception cref="InvalidDataException">The run is not complete, or what it holds makes no valid manifest.</exception>
    public static ReleaseBundle Package(RunFolder run, ReleaseOptions options, ReleaseSigner signer)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(signer);
        RunReport report = run.ReadReport();
        IReadOnlyList<MappingReport> mappings = run.ReadMappings();
        Dictionary<string, string> files = new(StringComparer.Ordinal);
        ReleaseManifest manifest = new(
            ReleaseManifest.FormatVersion, options.Release, options.Revision, options.Created, options.Created + options.Lifetime, report.Network,
            new FrameSpec(report.Dataset.Input.Channels, report.Dataset.Input.Height, report.Dataset.Input.Width, ModelTensors.Input, ModelTensors.Output),
            report.Dataset.Labels, [.. mappings.Select(m => m.DeviceClass).Union(options.MeasuredClasses)], options.ChunkBytes,
            [.. report.Variants.Select(v => Variant(run, report, v, mappings, files))],
            new GoldenFrames(Add(run.GoldenFrames, files), report.Variants[0].GoldenLogits.Count, LogitTolerance),
            new ReleaseRules(options.TrialFrames, options.MaxP95Ms, options.MaxEnergyMj, MinAgent));
        return ManifestRules.FirstFault(manifest) is { } fault
            ? throw new InvalidDataException($"'{run.Path}' makes no valid release: {fault}")
            : new ReleaseBundle(signer.Sign(manifest), manifest, files);
    }

    private static VariantManifest Variant(
        RunFolder run, RunReport report, VariantReport variant, IReadOnlyList<MappingReport> mappings, Dictionary<string, string> files)
    {
        List<PredictedCost> costs = [];
        foreach (MappingReport mapping in mappings)
        {
            MappedPrecision mapped = mapping.Precisions.FirstOrDefault(p => p.Bits == variant.Bits)
                ?? throw new InvalidDataException($"'{run.Path}' has no mapping for {mapping.DeviceClass} at {variant.Bits}.");
            costs.Add(new PredictedCost(mapping.DeviceClass, mapped.LatencyMs, mapped.EnergyMj, mapping.IdleMw, Add(run.Locate(mapped.Dataflow), files)));
        }

        return new VariantManifest(
            variant.Bits, Add(run.Locate(variant.Model), files), variant.Accuracy, report.Dataset.Test, costs, [.. variant.GoldenLogits]);
    }

    private static BlobRef Add(string path, Dictionary<string, string> files)
    {
        BlobRef blob = BlobHash.Of(File.ReadAllBytes(path));
        files[blob.Sha256] = path;
        return blob;
    }
}
