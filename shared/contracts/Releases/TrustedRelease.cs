namespace InstantNet.Contracts.Releases;

/// <summary>A manifest that <see cref="ReleaseVerifier"/> accepted; nothing else can make one.</summary>
public sealed class TrustedRelease
{
    internal TrustedRelease(ReleaseManifest manifest, SignedManifest envelope)
    {
        Manifest = manifest;
        Envelope = envelope;
    }

    /// <summary>The content.</summary>
    public ReleaseManifest Manifest { get; }

    /// <summary>The bytes it was read from, to be kept and verified again at each start.</summary>
    public SignedManifest Envelope { get; }

    /// <summary>Every blob a device of this class needs, each once: models, golden frames, its own dataflows.</summary>
    public IReadOnlyList<BlobRef> BlobsFor(WireId deviceClass) =>
        Manifest.Variants.Select(v => v.Model)
            .Append(Manifest.Golden.Frames)
            .Concat(Manifest.Variants.SelectMany(v => v.Costs).Where(c => c.DeviceClass == deviceClass).Select(c => c.Dataflow))
            .DistinctBy(b => b.Sha256)
            .ToList();
}
