using System.Globalization;
using InstantNet.Agent.Durable;
using InstantNet.Contracts;
using InstantNet.Contracts.Releases;

namespace InstantNet.Agent.Activation;

/// <summary>Decides which manifests this device trusts: the offered one under all rules, the last good one under those that still make sense.</summary>
/// <remarks>
/// Expiry is judged by the device's own clock and by nothing that comes over the wire: whoever can replay a manifest can replay a time with it. So a
/// clock that is years ahead keeps good releases out. It must not keep them out for ever, and it does not: expiry is the one rejection that is not final,
/// and the release is judged again when it is offered again, by a clock that may be right then. A clock that is years behind lets expired releases in; what
/// stops an attacker who replays one is the revision, of which a device never goes back, and that check knows no clock.
/// </remarks>
/// <param name="keys">Keys that this device trusts.</param>
/// <param name="deviceClass">What this device is.</param>
/// <param name="counters">Hold the highest trusted revision.</param>
/// <param name="time">Clock.</param>
internal sealed class ReleaseGate(ReleaseKeys keys, WireId deviceClass, DeviceCounters counters, TimeProvider time)
{
    private readonly ReleaseVerifier _verifier = new(keys, deviceClass, AgentVersion.Current);

    /// <summary>Verifies a manifest that shall be installed.</summary>
    public ReleaseRejection Verify(SignedManifest envelope, out TrustedRelease? release) =>
        _verifier.Verify(envelope, time.GetUtcNow(), counters.HighestRevision, out release);

    /// <summary>Verifies the manifest that was installed before. It may have expired since: expiry forbids installing, not serving,
    /// and a device whose clock is wrong must still serve.</summary>
    public ReleaseRejection VerifyInstalled(SignedManifest envelope, out TrustedRelease? release) =>
        _verifier.Verify(envelope, DateTimeOffset.MinValue, counters.HighestRevision, out release);

    /// <summary>Verifies the release that came with the device, which may be older than those that followed.</summary>
    public ReleaseRejection VerifyFactory(SignedManifest envelope, out TrustedRelease? release) =>
        _verifier.Verify(envelope, DateTimeOffset.MinValue, 0, out release);

    /// <summary>Whether a rejection stays what it is however often the release is offered.</summary>
    public static bool IsFinal(ReleaseRejection rejection) => rejection != ReleaseRejection.Expired;

    /// <summary>No release older than this one from now on.</summary>
    public void Trust(TrustedRelease release) => counters.Trust(release.Manifest.Revision);

    /// <summary>What this device needs of a release.</summary>
    public IReadOnlyList<BlobRef> BlobsOf(TrustedRelease release) => release.BlobsFor(deviceClass);

    /// <summary>A rejection for people.</summary>
    public string SentenceOf(ReleaseRejection rejection) => rejection switch
    {
        ReleaseRejection.TooLarge => $"The manifest is larger than {ReleaseManifest.MaxBytes} bytes.",
        ReleaseRejection.BadSignature => "The manifest was not signed by a key this device trusts, or it was changed afterwards.",
        ReleaseRejection.Malformed => "The manifest is signed but not well-formed.",
        ReleaseRejection.UnsupportedVersion => "The manifest has a later format than this agent reads.",
        ReleaseRejection.WrongDeviceClass => $"The release is not made for device class '{deviceClass}'.",
        ReleaseRejection.Expired => string.Create(
            CultureInfo.InvariantCulture, $"The release has expired by the clock of this device, which says {time.GetUtcNow():u}."),
        ReleaseRejection.OlderThanInstalled => string.Create(
            CultureInfo.InvariantCulture, $"The release is older than revision {counters.HighestRevision}, which this device has had in service."),
        ReleaseRejection.AgentTooOld => $"The release needs a later agent than {AgentVersion.Current}.",
        _ => throw new ArgumentOutOfRangeException(nameof(rejection), rejection, "No sentence for this rejection."),
    };
}
