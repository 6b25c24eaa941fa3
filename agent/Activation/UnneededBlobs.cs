using InstantNet.Agent.Delivery;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Releases;

namespace InstantNet.Agent.Activation;

/// <summary>Gives disk space back: removes the blobs that the last good release does not need.</summary>
/// <param name="manifests">Holds the pointer.</param>
/// <param name="gate">Verifies it; nothing is removed on the word of a manifest that is not trusted.</param>
/// <param name="blobs">Where blobs lie.</param>
/// <param name="alarms">Told when a release ended where only a person can help.</param>
internal sealed class UnneededBlobs(ManifestShelf manifests, ReleaseGate gate, BlobShelf blobs, IAlarms alarms)
{
    /// <summary>Removes what the last good release does not need; everything when there never was one.</summary>
    public void Collect()
    {
        if (!manifests.HasLastGood)
            blobs.Collect([]);
        else if (manifests.TryReadLastGood() is { } envelope && gate.VerifyInstalled(envelope, out TrustedRelease? release) == ReleaseRejection.None)
            blobs.Collect(gate.BlobsOf(release!));
    }

    /// <summary>The same after a bad end.</summary>
    public void Discard(ExecutionRecord ended)
    {
        Collect();
        if (ended.State == ExecutionState.Inconsistent)
            alarms.Raise(AlarmKeys.Inconsistent, ended.Detail ?? "Neither the new nor the last good release can serve.");
    }
}
