namespace InstantNet.Generation.Datasets;

/// <summary>Tells a lack of space from other reasons why a write failed.</summary>
internal static class DiskSpace
{
    // errno(3), which .NET leaves in HResult.
    private const int NoSpace = 28, OverQuota = 122;

    /// <summary>Why there was no space, for a sentence; null when the exception is about something else.</summary>
    public static string? Lacked(Exception fault) => fault switch
    {
        IOException { HResult: NoSpace } => "no space is left on its disk",
        IOException { HResult: OverQuota } => "the quota of its disk is used up",
        ArgumentOutOfRangeException { Message: var words } when words.Contains("file", StringComparison.OrdinalIgnoreCase) => "it would be larger than files may be here",
        _ => null,
    };
}
