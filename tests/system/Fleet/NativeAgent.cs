using System.Diagnostics;

namespace InstantNet.Tests.System.Fleet;

/// <summary>The agent as packages hold it, compiled by the script that they use: once for all tests, and only when its source changed.</summary>
internal static class NativeAgent
{
    private static readonly Lazy<string> Built = new(Build);

    /// <summary>The program. The first use may take minutes.</summary>
    public static string Program => Built.Value;

    /// <summary>A file of this checkout.</summary>
    public static string RepositoryFile(string path)
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, path)))
            folder = folder.Parent ?? throw new FileNotFoundException($"'{path}' is nowhere above '{AppContext.BaseDirectory}'.");
        return Path.Combine(folder.FullName, path);
    }

    private static string Build()
    {
        using Process script = Process.Start(new ProcessStartInfo(RepositoryFile("deploy/build-agent.sh")) { RedirectStandardOutput = true })!;
        string folder = script.StandardOutput.ReadToEnd().Trim();
        script.WaitForExit();
        return script.ExitCode == 0
            ? Path.Combine(folder, "InstantNet.Agent")
            : throw new InvalidOperationException("deploy/build-agent.sh failed; it says above why.");
    }
}
