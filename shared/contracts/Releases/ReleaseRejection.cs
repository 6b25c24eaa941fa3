namespace InstantNet.Contracts.Releases;

/// <summary>Why a device refused a release, in the order the checks are made.</summary>
public enum ReleaseRejection
{
    /// <summary>Accepted.</summary>
    None,

    /// <summary>The manifest is larger than devices read.</summary>
    TooLarge,

    /// <summary>The bytes were not signed by a key this device trusts.</summary>
    BadSignature,

    /// <summary>Signed, but not a manifest: not JSON, or a value out of its range.</summary>
    Malformed,

    /// <summary>A manifest of a later format than this agent reads.</summary>
    UnsupportedVersion,

    /// <summary>Not made for this class of device.</summary>
    WrongDeviceClass,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>Its revision is below the highest this device has trusted.</summary>
    OlderThanInstalled,

    /// <summary>It needs a later agent.</summary>
    AgentTooOld,
}
