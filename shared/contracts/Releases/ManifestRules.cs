namespace InstantNet.Contracts.Releases;

/// <summary>What a well-formed manifest obeys. Pure; used before signing and after verifying.</summary>
public static class ManifestRules
{
    private const int MinChunkBytes = 1024;
    private const int MaxChunkBytes = 256 * 1024;
    private const int MaxFrameBytes = 16 * 1024 * 1024;
    private const int MaxGoldenFrames = 256;

    /// <summary>The first fault, as a sentence with the member's path; null when there is none.</summary>
    public static string? FirstFault(ReleaseManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        if (manifest.Revision < 1)
            return $"revision is {manifest.Revision}: 1 or more is accepted.";
        if (manifest.ChunkBytes is < MinChunkBytes or > MaxChunkBytes)
            return $"chunkBytes is {manifest.ChunkBytes}: {MinChunkBytes} to {MaxChunkBytes} is accepted.";
        FrameSpec frame = manifest.Input;
        if (frame.Channels < 1 || frame.Height < 1 || frame.Width < 1 || (long)frame.Channels * frame.Height * frame.Width > MaxFrameBytes)
            return $"input is {frame.Channels}x{frame.Height}x{frame.Width}: 1 to {MaxFrameBytes} values are accepted.";
        if (manifest.Labels.Count < 2)
            return "labels has fewer than two classes.";
        if (manifest.Golden.Count is < 1 or > MaxGoldenFrames || manifest.Golden.Frames.Size != (long)manifest.Golden.Count * frame.Bytes)
            return $"golden.count is {manifest.Golden.Count}, golden.frames.size {manifest.Golden.Frames.Size}: {frame.Bytes} bytes a frame are accepted.";
        if (!(manifest.Golden.LogitTolerance > 0))
            return $"golden.logitTolerance is {manifest.Golden.LogitTolerance}: a positive number is accepted.";
        if (manifest.Rules.TrialFrames < 0 || !(manifest.Rules.MaxP95Ms > 0) || !(manifest.Rules.MaxEnergyMj > 0))
            return "rules has a negative or missing bound.";
        if (!Version.TryParse(manifest.Rules.MinAgent, out _))
            return $"rules.minAgent is '{manifest.Rules.MinAgent}': a version such as 0.1.0 is accepted.";
        return FirstBlobFault(manifest.Golden.Frames, "golden.frames") ?? FirstVariantFault(manifest);
    }

    private static string? FirstVariantFault(ReleaseManifest manifest)
    {
        if (manifest.Variants.Count == 0)
            return "variants is empty.";
        for (int i = 0; i < manifest.Variants.Count; i++)
        {
            VariantManifest variant = manifest.Variants[i];
            string path = $"variants[{i}]";
            if (i > 0 && manifest.Variants[i - 1].Bits >= variant.Bits)
                return $"{path}.bits is {variant.Bits.Bits}: fewest bits come first, each once.";
            if (variant.Accuracy is not (>= 0 and <= 1))
                return $"{path}.accuracy is {variant.Accuracy}: 0 to 1 is accepted.";
            if (variant.GoldenLogits.Count != manifest.Golden.Count || variant.GoldenLogits.Any(l => l.Count != manifest.Labels.Count))
                return $"{path}.goldenLogits does not hold {manifest.Labels.Count} logits for each of {manifest.Golden.Count} frames.";
            if (variant.Costs.Any(c => !(c.LatencyMs > 0) || !(c.EnergyMj > 0) || !(c.IdleMw >= 0)))
                return $"{path}.costs has a cost that is not positive.";
            string? fault = FirstBlobFault(variant.Model, $"{path}.model")
                ?? variant.Costs.Select(c => FirstBlobFault(c.Dataflow, $"{path}.costs.dataflow")).FirstOrDefault(f => f is not null);
            if (fault is not null)
                return fault;
        }

        return null;
    }

    private static string? FirstBlobFault(BlobRef blob, string path)
    {
        if (blob.Size is < 1 or > ReleaseManifest.MaxBlobBytes)
            return $"{path}.size is {blob.Size}: 1 to {ReleaseManifest.MaxBlobBytes} bytes are accepted.";
        return BlobHash.IsDigest(blob.Sha256) ? null : $"{path}.sha256 is not 64 lower-case hexadecimal digits.";
    }
}
