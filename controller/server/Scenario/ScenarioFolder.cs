namespace InstantNet.Controller.Scenario;

/// <summary>Where one scenario keeps its run, its controller and its logs.</summary>
/// <param name="root">Root folder.</param>
internal sealed class ScenarioFolder(string root)
{
    /// <summary>Absolute path.</summary>
    public string Root { get; } = Directory.CreateDirectory(Path.GetFullPath(root)).FullName;

    /// <summary>Trained network, dataflows, test images.</summary>
    public string Run => Path.Combine(Root, "run");

    /// <summary>Data folder of the controller.</summary>
    public string Controller => Path.Combine(Root, "controller");

    /// <summary>Output of a process.</summary>
    public string LogOf(string process) => Path.Combine(Directory.CreateDirectory(Path.Combine(Root, "logs")).FullName, $"{process}.log");

    /// <summary>Forgets the controller and its devices, so that a scenario starts from nothing; a finished run may stay.</summary>
    public void ForgetController()
    {
        if (Directory.Exists(Controller))
            Directory.Delete(Controller, recursive: true);
    }
}
