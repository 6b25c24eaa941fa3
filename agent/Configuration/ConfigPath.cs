namespace InstantNet.Agent.Configuration;

/// <summary>Paths of the configuration, which may be relative to its file.</summary>
internal static class ConfigPath
{
    /// <summary>The path as an absolute one; null stays null.</summary>
    /// <param name="path">As configured.</param>
    /// <param name="folder">Of the configuration file.</param>
    public static string? In(string folder, string? path) => path is null ? null : Path.GetFullPath(path, folder);
}
