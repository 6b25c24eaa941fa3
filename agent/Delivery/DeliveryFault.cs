namespace InstantNet.Agent.Delivery;

/// <summary>Why the blobs of a release are not all on disk.</summary>
/// <param name="Code">For programs; one of the constants here.</param>
/// <param name="Detail">One sentence for people.</param>
internal sealed record DeliveryFault(string Code, string Detail)
{
    /// <summary>A blob arrived whole several times and never matched its digest.</summary>
    public const string BlobCorrupt = nameof(BlobCorrupt);

    /// <summary>The broker refuses a chunk's topic.</summary>
    public const string BlobRefused = nameof(BlobRefused);

    /// <summary>The disk has no room for the release.</summary>
    public const string NoSpace = nameof(NoSpace);

    /// <summary>The disk refuses reads or writes.</summary>
    public const string DiskFailed = nameof(DiskFailed);
}
