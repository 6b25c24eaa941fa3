namespace InstantNet.Contracts.Messages;

/// <summary>The one current job of a device: bring this release into service. Retained; an empty payload means none.</summary>
/// <param name="V">Format version, 1.</param>
/// <param name="Job">Id of the job.</param>
/// <param name="Attempt">From 1; a repeated job of the same attempt changes nothing.</param>
/// <param name="Deadline">UTC; an execution not ended by then is timed out.</param>
/// <param name="Manifest">The exact signed manifest bytes.</param>
/// <param name="Signature">ECDSA P-256 over SHA-256 of <paramref name="Manifest"/>, IEEE P1363, 64 bytes.</param>
/// <param name="KeyId">Which trusted key made the signature: SHA-256 of its SubjectPublicKeyInfo, lower-case hexadecimal.</param>
/// <param name="BlobUrl">Where a web server offers the blobs, as <see cref="Releases.BlobUrlTemplate"/> reads it; null: only the broker has them. May hold a secret.</param>
public sealed record JobOffer(
    int V, WireId Job, int Attempt, DateTimeOffset Deadline, byte[] Manifest, byte[] Signature, string KeyId, string? BlobUrl = null)
{
    /// <summary>Version written today.</summary>
    public const int MessageVersion = 1;
}

/// <summary>Where the execution of a job stands on a device.</summary>
/// <param name="V">Format version, 1.</param>
/// <param name="Job">Id of the job.</param>
/// <param name="Attempt">Which attempt.</param>
/// <param name="Release">The release it brings; null when the manifest could not be read.</param>
/// <param name="State">State of the execution.</param>
/// <param name="Pct">Progress within <see cref="ExecutionState.Downloading"/>, 0..100; else null.</param>
/// <param name="Code">Reason of a bad end, for example <c>BadSignature</c>; else null.</param>
/// <param name="Detail">One sentence for people; else null.</param>
/// <param name="Ms">Since the job was accepted, milliseconds.</param>
/// <param name="Ts">Device clock, UTC.</param>
public sealed record JobStatus(
    int V, WireId Job, int Attempt, WireId? Release, ExecutionState State, int? Pct, string? Code, string? Detail, long Ms, DateTimeOffset Ts)
{
    /// <summary>Version written today.</summary>
    public const int MessageVersion = 1;
}

/// <summary>States of an execution, each written to disk before its side effects.</summary>
public enum ExecutionState
{
    /// <summary>Known, not begun.</summary>
    Queued,

    /// <summary>The device took it on.</summary>
    Accepted,

    /// <summary>Fetching blobs.</summary>
    Downloading,

    /// <summary>Checking blobs against the manifest.</summary>
    Verifying,

    /// <summary>All on disk and verified.</summary>
    Staged,

    /// <summary>Waiting for a moment that the device allows.</summary>
    Deferred,

    /// <summary>Loading variants.</summary>
    Activating,

    /// <summary>Serving real frames beside the old release.</summary>
    Trial,

    /// <summary>In service: the good end.</summary>
    Committed,

    /// <summary>Refused for good: bad signature, wrong class, too old.</summary>
    Rejected,

    /// <summary>Ended by an error; may be tried again.</summary>
    Failed,

    /// <summary>Deadline passed.</summary>
    TimedOut,

    /// <summary>Withdrawn by the controller.</summary>
    Cancelled,

    /// <summary>Trial failed; the old release is being put back.</summary>
    RollingBack,

    /// <summary>The old release serves again.</summary>
    RolledBack,

    /// <summary>Neither release can serve: needs a person.</summary>
    Inconsistent,
}
