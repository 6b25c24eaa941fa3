namespace InstantNet.Agent.Durable;

/// <summary>Where everything durable of one agent lies; no other file spells these names. Immutable.</summary>
/// <param name="root">The configured data folder.</param>
internal sealed class AgentFolder(string root)
{
    /// <summary>The folder itself.</summary>
    public string Root { get; } = Path.GetFullPath(root);

    /// <summary>Held open by the running agent, so that a second one does not start on the same folder.</summary>
    public string Lock => Path.Combine(Root, "lock");

    /// <summary>Starts, connections, highest trusted revision.</summary>
    public string Counters => Path.Combine(Root, "counters.json");

    /// <summary>State of the current execution.</summary>
    public string Execution => Path.Combine(Root, "execution.json");

    /// <summary>Alarms that are open, and changes of them that the controller was not told yet.</summary>
    public string Alarms => Path.Combine(Root, "alarms.json");

    /// <summary>The job being executed, as offered.</summary>
    public string Offer => Path.Combine(Root, "offer.json");

    /// <summary>The desired twin in force.</summary>
    public string Desired => Path.Combine(Root, "desired.json");

    /// <summary>While this file is there and young, a staged release is not activated.</summary>
    public string Hold => Path.Combine(Root, "activation.hold");

    /// <summary>Port of the local endpoint.</summary>
    public string StatusPort => Path.Combine(Root, "status.port");

    /// <summary>Signed manifests, and the pointer to the last good one.</summary>
    public string Releases => Path.Combine(Root, "releases");

    /// <summary>Digest of the last good manifest.</summary>
    public string CurrentRelease => Path.Combine(Releases, "current");

    /// <summary>Verified blobs by digest; partial ones beside them.</summary>
    public string Blobs => Path.Combine(Root, "blobs");

    /// <summary>Models as the optimiser left them, by digest of the blob; made anew whenever they are missing.</summary>
    public string Optimized => Path.Combine(Root, "optimized");

    /// <summary>Telemetry that waits for the controller.</summary>
    public string Spool => Path.Combine(Root, "spool");

    /// <summary>Makes the folders that are missing, readable by their owner only.</summary>
    public void Create()
    {
        foreach (string folder in (ReadOnlySpan<string>)[Root, Releases, Blobs])
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(folder);
            else
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
