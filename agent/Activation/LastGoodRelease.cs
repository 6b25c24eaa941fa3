using InstantNet.Agent.Delivery;
using InstantNet.Agent.Inference;
using InstantNet.Contracts;
using InstantNet.Contracts.Releases;

namespace InstantNet.Agent.Activation;

/// <summary>The release that the device falls back to: verified again at each start and served without any network.</summary>
/// <param name="manifests">Holds the pointer.</param>
/// <param name="blobs">Where its blobs lie.</param>
/// <param name="gate">Verifies it.</param>
/// <param name="server">Serves it.</param>
/// <param name="alarms">Told when it is damaged.</param>
internal sealed class LastGoodRelease(ManifestShelf manifests, BlobShelf blobs, ReleaseGate gate, IModelServer server, IAlarms alarms)
{
    private volatile WireId? _id;
    private volatile bool _isLost;

    /// <summary>Id of the last good release; null before the first, or when its manifest is damaged.</summary>
    public WireId? Id => _id;

    /// <summary>True when a release was ever committed.</summary>
    public bool Exists => manifests.HasLastGood;

    /// <summary>True when there was a last good release and it cannot be served.</summary>
    public bool IsLost => _isLost;

    /// <summary>Verifies the last good release, its manifest and every blob, and brings it into service.</summary>
    /// <returns>Null when it serves or there never was one, else what is wrong as one sentence.</returns>
    public async Task<string?> RestoreAsync(CancellationToken cancellationToken)
    {
        if (!manifests.HasLastGood)
            return null;
        string? fault = await TryServeAsync(cancellationToken);
        _isLost = fault is not null;
        if (fault is not null)
            alarms.Raise(AlarmKeys.ReleaseDamaged, fault);
        return fault;
    }

    /// <summary>Makes a release the last good one: pointer first, then the swap cannot be lost. May be repeated.</summary>
    /// <returns>False when it was the last good one.</returns>
    public bool Promote(TrustedRelease release)
    {
        bool moved = manifests.Promote(release.Envelope);
        gate.Trust(release);
        _id = release.Manifest.Release;
        return moved;
    }

    /// <summary>The last good release serves again, or another one took its place.</summary>
    public void Serves()
    {
        _isLost = false;
        alarms.Clear(AlarmKeys.ReleaseDamaged);
        alarms.Clear(AlarmKeys.Inconsistent);
        alarms.Clear(AlarmKeys.Factory);
        alarms.Clear(AlarmKeys.CrashLoop);
    }

    private async Task<string?> TryServeAsync(CancellationToken cancellationToken)
    {
        if (manifests.TryReadLastGood() is not { } envelope)
            return "The manifest of the last good release is damaged on disk.";
        ReleaseRejection rejection = gate.VerifyInstalled(envelope, out TrustedRelease? release);
        if (release is null)
            return $"The last good release is not trusted any more: {gate.SentenceOf(rejection)}";
        _id = release.Manifest.Release;
        if (await blobs.FirstLackingAsync(gate.BlobsOf(release), cancellationToken) is { } lacking)
            return $"Blob {lacking.Sha256} of the last good release is missing or damaged on disk.";
        try
        {
            ICandidateRelease candidate = await server.LoadAsync(release, blobs.PathOf, cancellationToken);
            candidate.Commit();
            gate.Trust(release);
            return null;
        }
        catch (ReleaseUnusableException e)
        {
            return $"The last good release does not load: {e.Message}";
        }
    }
}
