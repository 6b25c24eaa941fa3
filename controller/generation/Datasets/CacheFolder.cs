namespace InstantNet.Generation.Datasets;

/// <summary>Where the set-up script unpacks data sets: the one place that decides it.</summary>
public static class CacheFolder
{
    /// <summary>INSTANTNET_CACHE, else XDG_CACHE_HOME/instantnet, else ~/.cache/instantnet. The folder need not exist.</summary>
    public static string FromEnvironment() => Resolve(Environment.GetEnvironmentVariable, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));

    /// <summary>The same rule over given variables.</summary>
    /// <param name="variable">Value of an environment variable; null or empty when it is not set.</param>
    /// <param name="home">The user's home folder.</param>
    internal static string Resolve(Func<string, string?> variable, string home)
    {
        if (variable("INSTANTNET_CACHE") is { Length: > 0 } own)
            return own;
        string parent = variable("XDG_CACHE_HOME") is { Length: > 0 } xdg ? xdg : Path.Combine(home, ".cache");
        return Path.Combine(parent, "instantnet");
    }
}
