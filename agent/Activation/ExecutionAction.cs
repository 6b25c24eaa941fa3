namespace InstantNet.Agent.Activation;

/// <summary>What the loop does after a transition, once the new state is on disk.</summary>
internal enum ExecutionAction
{
    /// <summary>Nothing; nobody is told either.</summary>
    None,

    /// <summary>Tell the controller again.</summary>
    Report,

    /// <summary>Verify the manifest.</summary>
    VerifyManifest,

    /// <summary>See whether the disk has room.</summary>
    CheckSpace,

    /// <summary>Fetch what is missing.</summary>
    Download,

    /// <summary>Check every blob again.</summary>
    VerifyBlobs,

    /// <summary>Ask whether the device allows an activation now.</summary>
    AskHold,

    /// <summary>Wait until it does.</summary>
    AwaitRelease,

    /// <summary>Load the release beside the serving one.</summary>
    Load,

    /// <summary>Serve real frames beside the serving release.</summary>
    Try,

    /// <summary>Move the last-good pointer and swap.</summary>
    Promote,

    /// <summary>Free the candidate and make sure that the last good release serves.</summary>
    RollBack,

    /// <summary>Free the candidate; what has been fetched stays for another attempt.</summary>
    Drop,

    /// <summary>Free the candidate and the disk space it took.</summary>
    Discard,
}
