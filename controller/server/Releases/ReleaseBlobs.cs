using InstantNet.Contracts.Releases;

namespace InstantNet.Controller.Releases;

/// <summary>What a release needs to be distributed. Pure.</summary>
internal static class ReleaseBlobs
{
    /// <summary>Every blob of a release, each once, for all device classes.</summary>
    public static IReadOnlyList<BlobRef> Of(ReleaseManifest manifest) =>
        manifest.Variants.Select(v => v.Model)
            .Append(manifest.Golden.Frames)
            .Concat(manifest.Variants.SelectMany(v => v.Costs).Select(c => c.Dataflow))
            .DistinctBy(b => b.Sha256)
            .ToList();
}
