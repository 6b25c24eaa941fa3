namespace InstantNet.Torch;

/// <summary>The native library behind the operators.</summary>
public static class TorchLibrary
{
    /// <summary>Loads it now, instead of at the first operator, after work that would be lost.</summary>
    /// <exception cref="TorchUnavailableException">It is not installed; the message says what to install.</exception>
    public static void RequireLoaded() => _ = get_num_threads();

    /// <summary>Version of libtorch, as in "1.13.1".</summary>
    public static string Version => __version__;
}
