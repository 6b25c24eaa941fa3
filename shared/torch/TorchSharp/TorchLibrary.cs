namespace InstantNet.Torch;

/// <summary>The native library behind the operators.</summary>
public static class TorchLibrary
{
    /// <summary>Version of libtorch, as in "2.10.0".</summary>
    public static string Version => __version__;

    /// <summary>Loads it now, instead of at the first operator, after work that would be lost.</summary>
    /// <exception cref="TorchUnavailableException">It is not installed; the message says what to install.</exception>
    public static void RequireLoaded()
    {
        try
        {
            _ = get_num_threads();
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or NotSupportedException)
        {
            string why = (e.InnerException ?? e).Message.Split('\n')[0].Trim();
            throw new TorchUnavailableException(
                $"Training needs the native libraries of TorchSharp, and they do not load ({why}): reference a package that has them, TorchSharp-cpu.", e);
        }
    }
}
