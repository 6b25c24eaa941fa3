namespace InstantNet.Agent.Activation;

/// <summary>Version of the running agent.</summary>
internal static class AgentVersion
{
    /// <summary>Three numbers, from the assembly.</summary>
    public static Version Current { get; } = Shorten(typeof(AgentVersion).Assembly.GetName().Version!);

    private static Version Shorten(Version full) => new(full.Major, full.Minor, full.Build);
}
