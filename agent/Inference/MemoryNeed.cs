using System.Globalization;
using InstantNet.Contracts.Releases;

namespace InstantNet.Agent.Inference;

/// <summary>What a release takes of memory once every variant is resident, estimated before anything is loaded. Pure.</summary>
/// <remarks>
/// Measured with ONNX Runtime 1.30 on MobileNetV2 and ResNet-18 at 8 and 32 bits: a resident session holds 1.1 to 1.7 times its file and 1 to 3 MiB;
/// while it is made, its file is in memory once more, weights that are laid out anew a second time. The estimate is above all of them.
/// </remarks>
internal static class MemoryNeed
{
    private const double ResidentPerFileByte = 1.7;
    private const double LoadingPerFileByte = 2;
    private const long BytesPerSession = 3 * Mebibyte;
    private const long Mebibyte = 1024 * 1024;

    /// <summary>Bytes at the peak of loading.</summary>
    public static long Bytes(ReleaseManifest manifest)
    {
        long all = manifest.Variants.Sum(v => v.Model.Size), largest = manifest.Variants.Max(v => v.Model.Size);
        return (long)((all * ResidentPerFileByte) + (largest * LoadingPerFileByte)) + (manifest.Variants.Count * BytesPerSession);
    }

    /// <summary>Why a release is not loaded, as one sentence; null when there is room, or nobody knows.</summary>
    /// <param name="manifest">Of the release.</param>
    /// <param name="freeBytes">That this process may still take; null when it is not known.</param>
    public static string? Refusal(ReleaseManifest manifest, long? freeBytes)
    {
        long needed = Bytes(manifest);
        return freeBytes is not { } free || free >= needed
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Release {manifest.Release} needs about {InMebibytes(needed)} MiB for {manifest.Variants.Count} resident precisions, {free / Mebibyte} MiB are free on this device.");
    }

    private static long InMebibytes(long bytes) => (bytes + Mebibyte - 1) / Mebibyte;
}
