namespace InstantNet.Controller.Commands;

/// <summary>Where the agent's program lies on a machine that has both.</summary>
internal static class AgentProgram
{
    private const string Assembly = "InstantNet.Agent.dll";

    /// <summary>Path of its assembly: beside this program, or in the build folder beside this one's.</summary>
    public static string Locate()
    {
        // Both programs are built below one artifacts folder: bin/InstantNet.Controller/release and bin/InstantNet.Agent/release.
        DirectoryInfo here = new(AppContext.BaseDirectory);
        string beside = Path.Combine(here.FullName, Assembly);
        return File.Exists(beside) ? beside : Path.Combine(here.Parent!.Parent!.FullName, "InstantNet.Agent", here.Name, Assembly);
    }
}
