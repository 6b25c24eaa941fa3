using InstantNet.Agent.PrecisionControl;
using InstantNet.Agent.Sensors;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Releases;
using Microsoft.ML.OnnxRuntime;

namespace InstantNet.Agent.Inference;

/// <summary>Makes a verified release resident: every variant loaded, warm, right on the golden frames, and measured; and frees it again. Thread safe.</summary>
/// <param name="frames">Shape of this device's frames.</param>
/// <param name="meters">Picks the energy meter.</param>
/// <param name="models">Opens models.</param>
/// <param name="memory">Asked before a release is loaded.</param>
internal sealed class ReleaseLoader(FrameShape frames, EnergyMeters meters, OptimizedModels models, FreeMemory memory) : IDisposable
{
    private const int WarmUpRuns = 3;

    // A 95th percentile of fewer than 20 numbers is their maximum: one hiccup would decide it.
    private const int MeasuredRuns = 40;
    private readonly PatientThread _patient = new();

    /// <summary>Lets the device rest before its first release, where that tells a meter something.</summary>
    public Task RestAsync(TrustedRelease release, CancellationToken cancellationToken) => meters.RestAsync(release.Manifest, cancellationToken);

    /// <summary>Loads; seconds of work, after everything that is to be freed is free.</summary>
    /// <param name="release">Verified manifest.</param>
    /// <param name="blobPath">Where a verified blob lies on disk.</param>
    /// <param name="cancellationToken">Looked at between variants and runs.</param>
    /// <returns>The runtime; the caller owns it.</returns>
    /// <exception cref="ReleaseUnusableException">There is no room for it, a variant does not load or answers wrongly.</exception>
    public ReleaseRuntime Load(TrustedRelease release, Func<BlobRef, string> blobPath, CancellationToken cancellationToken)
    {
        ReleaseManifest manifest = release.Manifest;
        FrameShape input = new(manifest.Input.Channels, manifest.Input.Height, manifest.Input.Width);
        if (input != frames)
            throw new ReleaseUnusableException($"Release {manifest.Release} reads frames of {input}, this device makes frames of {frames}.");
        byte[] golden = ReadGolden(manifest, blobPath);
        ReleaseRuntime runtime = new(release, meters.Open(manifest));
        try
        {
            // Frames that are answered meanwhile come first.
            return _patient.Run(() => Prepare(runtime, golden, blobPath, cancellationToken));
        }
        catch (OnnxRuntimeException e)
        {
            runtime.Dispose();
            throw new ReleaseUnusableException($"Release {manifest.Release} does not run: {e.Message}", e);
        }
        catch
        {
            runtime.Dispose();
            throw;
        }
    }

    /// <summary>Frees a release that nothing runs on any more, some time, when frames leave time for it.</summary>
    public void Free(ReleaseRuntime runtime) => _patient.Post(runtime.Dispose);

    /// <summary>Frees what is to be freed. What was loaded and is in use stays.</summary>
    public void Dispose() => _patient.Dispose();

    private ReleaseRuntime Prepare(ReleaseRuntime runtime, byte[] golden, Func<BlobRef, string> blobPath, CancellationToken cancellationToken)
    {
        LoadVariants(runtime, golden, blobPath, cancellationToken);
        NativeHeap.Trim();
        Measure(runtime, golden, cancellationToken);
        return runtime;
    }

    private void LoadVariants(ReleaseRuntime runtime, byte[] golden, Func<BlobRef, string> blobPath, CancellationToken cancellationToken)
    {
        ReleaseManifest manifest = runtime.Release.Manifest;
        if (MemoryNeed.Refusal(manifest, memory.Read()) is { } refusal)
            throw new ReleaseUnusableException(refusal);
        IReadOnlyDictionary<Precision, PredictedCost> predicted = meters.PredictedCosts(manifest);
        double[] accuracies = AccuracyEvidence.Weigh([.. manifest.Variants.Select(v => (v.Accuracy, v.TestImages))]);
        for (int i = 0; i < manifest.Variants.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            runtime.Add(LoadVariant(runtime, i, accuracies[i], predicted, blobPath));
            if (GoldenCheck.FirstFault(runtime.Variants[i], golden) is { } fault)
                throw new ReleaseUnusableException(fault);
        }
    }

    private ResidentVariant LoadVariant(
        ReleaseRuntime runtime, int index, double accuracy, IReadOnlyDictionary<Precision, PredictedCost> predicted, Func<BlobRef, string> blobPath)
    {
        VariantManifest variant = runtime.Release.Manifest.Variants[index];
        string path = blobPath(variant.Model);
        if (!File.Exists(path))
            throw new ReleaseUnusableException($"The {variant.Bits} variant's file '{path}' is missing.");
        PredictedCost? cost = predicted.GetValueOrDefault(variant.Bits);
        VariantCosts costs = new(
            variant.Bits, accuracy, cost?.LatencyMs, runtime.Meter.Source == MeterSource.Modelled ? cost?.EnergyMj : null);
        try
        {
            return new ResidentVariant(runtime, index, costs, models.Open(variant.Model, path, variant.Bits));
        }
        catch (OnnxRuntimeException e)
        {
            throw new ReleaseUnusableException($"The {variant.Bits} variant does not load: {e.Message}", e);
        }
    }

    private static byte[] ReadGolden(ReleaseManifest manifest, Func<BlobRef, string> blobPath)
    {
        string path = blobPath(manifest.Golden.Frames);
        try
        {
            byte[] golden = File.ReadAllBytes(path);
            return golden.Length == manifest.Golden.Count * manifest.Input.Bytes
                ? golden
                : throw new ReleaseUnusableException($"The golden frames '{path}' are {golden.Length} bytes, not {manifest.Golden.Count} frames.");
        }
        catch (IOException e)
        {
            throw new ReleaseUnusableException($"The golden frames '{path}' cannot be read: {e.Message}", e);
        }
    }

    // In turn, not one variant after the other: what slows the machine for a while then slows all of them alike.
    private static void Measure(ReleaseRuntime runtime, ReadOnlySpan<byte> golden, CancellationToken cancellationToken)
    {
        int frameBytes = runtime.Release.Manifest.Input.Bytes, frameCount = golden.Length / frameBytes;
        for (int run = 0; run < WarmUpRuns + MeasuredRuns; run++)
        {
            foreach (ResidentVariant variant in runtime.Variants)
            {
                cancellationToken.ThrowIfCancellationRequested();
                FrameAnswer answer = variant.AnswerPatiently(golden.Slice(run % frameCount * frameBytes, frameBytes));
                if (run >= WarmUpRuns)
                    variant.Costs.Observe(answer);
            }
        }
    }
}
