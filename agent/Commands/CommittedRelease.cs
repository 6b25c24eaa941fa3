using InstantNet.Agent.Activation;
using InstantNet.Agent.Configuration;
using InstantNet.Agent.Delivery;
using InstantNet.Agent.Durable;
using InstantNet.Contracts.Releases;

namespace InstantNet.Agent.Commands;

/// <summary>The release that a device falls back to, for verbs that measure while the agent does not run.</summary>
/// <param name="Release">Verified.</param>
/// <param name="PathOf">Where its blobs lie, all of them there.</param>
internal sealed record CommittedRelease(TrustedRelease Release, Func<BlobRef, string> PathOf)
{
    /// <summary>Reads and verifies it as a start of the agent does.</summary>
    /// <returns>The release, or the sentence that says why there is none to use.</returns>
    public static async Task<(CommittedRelease? Release, string? Fault)> ReadAsync(AgentConfig config, CancellationToken cancellationToken)
    {
        AgentFolder folder = new(config.AgentData!);
        BlobShelf blobs = new(folder);
        ReleaseGate gate = new(
            new ReleaseKeys(config.TrustedKeys), config.DeviceClassId, DeviceCounters.Look(folder, TimeProvider.System), TimeProvider.System);
        if (new ManifestShelf(folder).TryReadLastGood() is not { } envelope)
            return (null, $"No release is committed in {folder.Root}.");
        ReleaseRejection rejection = gate.VerifyInstalled(envelope, out TrustedRelease? release);
        if (release is null)
            return (null, gate.SentenceOf(rejection));
        return await blobs.FirstLackingAsync(gate.BlobsOf(release), cancellationToken) is { } lacking
            ? (null, $"Blob {lacking.Sha256} of the committed release is missing or damaged.")
            : (new CommittedRelease(release, blobs.PathOf), null);
    }
}
