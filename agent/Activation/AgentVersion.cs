namespace InstantNet.Agent.Activation;

/// <summary>Version of the running agent.</summary>
internal static class AgentVersion
{
    private const string Assembly = "InstantNet.Agent.dll";

    /// <summary>Three numbers, from the assembly.</summary>
    public static Version Current { get; } = Shorten(typeof(AgentVersion).Assembly.GetName().Version!);

    /// <summary>The file that holds this program: the assembly that .NET runs, or the native program into which it was compiled.</summary>
    public static string ProgramFile { get; } =
        Path.Combine(AppContext.BaseDirectory, Assembly) is var assembly && File.Exists(assembly) ? assembly : Environment.ProcessPath!;

    private static Version Shorten(Version full) => new(full.Major, full.Minor, full.Build);
}
