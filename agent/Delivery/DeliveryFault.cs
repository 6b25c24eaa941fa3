namespace InstantNet.Agent.Delivery;

/// <summary>Why the blobs of a release are not all on disk.</summary>
/// <param name="Code">For programs; one of the constants here.</param>
/// <param name="Detail">One sentence for people.</param>
internal sealed record DeliveryFault(string Code, string Detail)
{
    /// <summary>A blob arrived whole several times and never matched its digest.</summary>
    public const string BlobCorrupt = nameof(BlobCorrupt);

    /// <summary>The broker refuses a chunk's topic, or the web server a request.</summary>
    public const string BlobRefused = nameof(BlobRefused);

    /// <summary>The web server does not have a blob.</summary>
    public const string BlobNotFound = nameof(BlobNotFound);

    /// <summary>The web server does not let this device have a blob: the secret in the URL is wrong or has expired.</summary>
    public const string BlobForbidden = nameof(BlobForbidden);

    /// <summary>The web server sends other bytes than those that were asked for.</summary>
    public const string BlobMisserved = nameof(BlobMisserved);

    /// <summary>The web server gives nothing at this time; the only fault that may pass.</summary>
    public const string BlobUnreachable = nameof(BlobUnreachable);

    /// <summary>The job names no URL, and this device has no broker that carries blobs.</summary>
    public const string NoSource = nameof(NoSource);

    /// <summary>The file of trusted authorities can no longer be read.</summary>
    public const string AuthoritiesUnreadable = nameof(AuthoritiesUnreadable);

    /// <summary>The disk has no room for the release.</summary>
    public const string NoSpace = nameof(NoSpace);

    /// <summary>The disk refuses reads or writes.</summary>
    public const string DiskFailed = nameof(DiskFailed);
}
