namespace InstantNet.Controller.Releases;

/// <summary>What became of a blob that was handed in.</summary>
internal enum BlobReceipt
{
    /// <summary>Written, hashed and named.</summary>
    Stored,

    /// <summary>The store had it.</summary>
    AlreadyHeld,

    /// <summary>The content has another hash than its name says; nothing was kept.</summary>
    WrongHash,

    /// <summary>More bytes than devices accept; nothing was kept.</summary>
    TooLarge,
}
