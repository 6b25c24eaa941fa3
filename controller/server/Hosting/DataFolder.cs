using InstantNet.Contracts;

namespace InstantNet.Controller.Hosting;

/// <summary>Where one controller keeps what outlives it; no other file spells a name in it. Holding it keeps other controllers out.</summary>
internal sealed class DataFolder : IDisposable
{
    private FileStream? _lock;

    /// <param name="path">Root; made by <see cref="Prepare"/> when absent.</param>
    public DataFolder(string path) => Root = Path.GetFullPath(path);

    /// <summary>What every verb uses when it is told nothing.</summary>
    public static string DefaultPath { get; } =
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".instantnet", "controller");

    public string Root { get; }

    public string Database => Path.Combine(Root, "controller.db");

    public string Blobs => Path.Combine(Root, "blobs");

    public string Keys => Path.Combine(Root, "keys");

    /// <summary>Private key that signs releases, PEM, readable by the owner only.</summary>
    public string SigningKey => Path.Combine(Keys, "release.key.pem");

    /// <summary>Its public half, PEM.</summary>
    public string VerifyingKey => Path.Combine(Keys, "release.pub.pem");

    public string Broker => Path.Combine(Root, "broker");

    public string Logs => Path.Combine(Root, "logs");

    /// <summary>The secret that mutations need, one line, readable by the owner only.</summary>
    public string OperatorToken => Path.Combine(Root, "operator.token");

    /// <summary>Port of the running controller's HTTP server, one line.</summary>
    public string HttpPort => Path.Combine(Root, "http.port");

    /// <summary>Port of the running broker, one line.</summary>
    public string BrokerPort => Path.Combine(Root, "broker.port");

    public string Device(WireId device) => Path.Combine(Root, "devices", device.Value);

    public string AgentConfiguration(WireId device) => Path.Combine(Device(device), "agent.json");

    /// <summary>Makes the folders, readable by the owner only, and takes the lock.</summary>
    /// <exception cref="StartRefusedException">Another controller works there, or the folder cannot be written.</exception>
    public void Prepare()
    {
        try
        {
            foreach (string folder in new[] { Root, Blobs, Keys, Broker, Logs, Path.Combine(Root, "devices") })
                PrivateFile.CreateFolder(folder);
            _lock = new FileStream(Path.Combine(Root, "controller.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StartRefusedException($"The data folder {Root} cannot be written: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new StartRefusedException($"The data folder {Root} is in use by another controller, or cannot be written: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock?.Dispose();
}
