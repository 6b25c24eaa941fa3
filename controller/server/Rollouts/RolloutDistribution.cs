using InstantNet.Contracts;
using InstantNet.Contracts.Releases;
using InstantNet.Controller.Fleet;
using InstantNet.Controller.Releases;

namespace InstantNet.Controller.Rollouts;

/// <summary>What a rollout distributes, and to whom. Thread safe.</summary>
internal sealed class RolloutDistribution(ReleaseLibrary releases, ChunkPublisher chunks, DeviceRegistry registry)
{
    /// <summary>Returns when the broker holds every chunk of a release.</summary>
    /// <returns>False when the release is not in use.</returns>
    public async Task<bool> EnsureAsync(WireId release, CancellationToken cancellationToken)
    {
        if (!releases.TryGet(release, out TrustedRelease? trusted))
            return false;
        await chunks.EnsureAsync(trusted.Manifest, cancellationToken);
        await releases.MarkPublishedAsync(release, cancellationToken);
        return true;
    }

    public LiveDevice? Find(WireId device) => registry.TryGet(device, out LiveDevice? live) ? live : null;
}
