using System.Collections.Concurrent;
using InstantNet.Contracts;
using InstantNet.Controller.Hosting;

namespace InstantNet.Controller.Broker;

/// <summary>Who may connect to the broker. Thread safe.</summary>
/// <remarks>The controller's own password is new at each start and never leaves the process.</remarks>
internal sealed class BrokerAccounts
{
    private readonly ConcurrentDictionary<string, string> _hashes = new(StringComparer.Ordinal);
    private readonly Lock _file = new();
    private readonly string _path;

    public BrokerAccounts(DataFolder folder)
    {
        _path = Path.Combine(folder.Broker, "passwd");
        string hash = PasswordHash.Of(Password);
        foreach (string user in ControllerUsers)
            _hashes[user] = hash;
    }

    /// <summary>The user that publishes, and receives everything but telemetry.</summary>
    public const string Controller = BrokerConfiguration.ReservedPrefix;

    // As many messages share one flush of the disk.
    private const int TelemetryLinks = 32;

    /// <summary>The users that receive telemetry side by side: a connection has one message in hand at a time, and each waits for the disk.</summary>
    public static IReadOnlyList<string> TelemetryUsers { get; } =
        [.. Enumerable.Range(1, TelemetryLinks).Select(n => $"{BrokerConfiguration.ReservedPrefix}-telemetry-{n}")];

    /// <summary>All users of the controller.</summary>
    public static IReadOnlyList<string> ControllerUsers { get; } = [Controller, .. TelemetryUsers];

    /// <summary>Password of the controller's users.</summary>
    public string Password { get; } = PasswordHash.NewPassword();

    /// <summary>Adds a device or changes its password; in force after <see cref="WriteFile"/> and a reload of the broker.</summary>
    public void Set(WireId device, string passwordHash) => _hashes[device.Value] = passwordHash;

    /// <summary>Writes the password file, whole.</summary>
    public void WriteFile()
    {
        lock (_file)
            PrivateFile.Write(_path, string.Concat(_hashes.OrderBy(h => h.Key, StringComparer.Ordinal).Select(h => $"{h.Key}:{h.Value}\n")));
    }
}
