using System.Text.Json;

namespace InstantNet.Contracts.Releases;

/// <summary>The one way a manifest becomes trusted: checks in one fixed order, and trust granted on the last line. Thread safe.</summary>
/// <param name="keys">Keys this device trusts.</param>
/// <param name="deviceClass">What this device is.</param>
/// <param name="agent">Version of the running agent.</param>
/// <remarks>The order follows The Update Framework, specification 1.0.33, section 5: authenticity before content, content before freshness.</remarks>
public sealed class ReleaseVerifier(ReleaseKeys keys, WireId deviceClass, Version agent)
{
    /// <summary>Verifies a manifest.</summary>
    /// <param name="envelope">As received.</param>
    /// <param name="now">One reference time for the whole decision, UTC.</param>
    /// <param name="highestRevision">Highest revision this device has committed; 0 before the first.</param>
    /// <param name="release">The trusted release, only when the verdict is <see cref="ReleaseRejection.None"/>.</param>
    public ReleaseRejection Verify(SignedManifest envelope, DateTimeOffset now, long highestRevision, out TrustedRelease? release)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        release = null;
        if (envelope.Manifest.Length > ReleaseManifest.MaxBytes)
            return ReleaseRejection.TooLarge;
        if (!keys.Verify(envelope))
            return ReleaseRejection.BadSignature;
        if (!TryRead(envelope.Manifest, out ReleaseManifest? manifest))
            return ReleaseRejection.Malformed;
        if (manifest.V != ReleaseManifest.FormatVersion)
            return ReleaseRejection.UnsupportedVersion;
        if (ManifestRules.FirstFault(manifest) is not null)
            return ReleaseRejection.Malformed;
        if (!manifest.DeviceClasses.Contains(deviceClass))
            return ReleaseRejection.WrongDeviceClass;
        if (now >= manifest.Expires)
            return ReleaseRejection.Expired;
        if (manifest.Revision < highestRevision)
            return ReleaseRejection.OlderThanInstalled;
        if (Version.Parse(manifest.Rules.MinAgent) > agent)
            return ReleaseRejection.AgentTooOld;
        release = new TrustedRelease(manifest, envelope);
        return ReleaseRejection.None;
    }

    /// <summary>Verifies a manifest that a controller is asked to distribute: all but what depends on the device.</summary>
    /// <param name="keys">Keys that the fleet's devices trust.</param>
    /// <param name="envelope">As received.</param>
    /// <param name="now">UTC.</param>
    /// <param name="release">The trusted release, only when the verdict is <see cref="ReleaseRejection.None"/>.</param>
    /// <param name="fault">What is wrong with a <see cref="ReleaseRejection.Malformed"/> manifest; else null.</param>
    public static ReleaseRejection VerifyForImport(ReleaseKeys keys, SignedManifest envelope, DateTimeOffset now, out TrustedRelease? release, out string? fault)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(envelope);
        release = null;
        fault = null;
        if (envelope.Manifest.Length > ReleaseManifest.MaxBytes)
            return ReleaseRejection.TooLarge;
        if (!keys.Verify(envelope))
            return ReleaseRejection.BadSignature;
        if (!TryRead(envelope.Manifest, out ReleaseManifest? manifest))
            return ReleaseRejection.Malformed;
        if (manifest.V != ReleaseManifest.FormatVersion)
            return ReleaseRejection.UnsupportedVersion;
        fault = ManifestRules.FirstFault(manifest);
        if (fault is not null)
            return ReleaseRejection.Malformed;
        if (now >= manifest.Expires)
            return ReleaseRejection.Expired;
        release = new TrustedRelease(manifest, envelope);
        return ReleaseRejection.None;
    }

    private static bool TryRead(byte[] bytes, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ReleaseManifest? manifest)
    {
        try
        {
            manifest = JsonSerializer.Deserialize(bytes, ReleaseJson.Default.ReleaseManifest);
        }
        catch (JsonException)
        {
            manifest = null;
        }

        return manifest is not null;
    }
}
