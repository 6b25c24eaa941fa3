using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace InstantNet.Agent.Supervision;

/// <summary>Tells systemd how the agent is: the protocol of sd_notify. Without systemd everything here does nothing. Thread safe.</summary>
/// <remarks>Source: sd_notify(3) and sd_watchdog_enabled(3) of systemd.</remarks>
internal sealed class ServiceManager : IDisposable
{
    private const string SocketVariable = "NOTIFY_SOCKET";
    private const string WatchdogVariable = "WATCHDOG_USEC";
    private const string WatchdogProcessVariable = "WATCHDOG_PID";
    private const int SignsPerTimeout = 3;
    private readonly Socket? _socket;

    private ServiceManager(Socket? socket, TimeSpan? watchdogTimeout) => (_socket, WatchdogTimeout) = (socket, watchdogTimeout);

    /// <summary>The agent is restarted when it gives no sign of life for this long; null without a watchdog.</summary>
    public TimeSpan? WatchdogTimeout { get; }

    /// <summary>Reads what systemd said when it started this process.</summary>
    public static ServiceManager FromEnvironment() => Open(
        Environment.GetEnvironmentVariable(SocketVariable),
        Environment.GetEnvironmentVariable(WatchdogProcessVariable) is { } process && process != Environment.ProcessId.ToString(CultureInfo.InvariantCulture)
            ? null // Meant for another process of the service.
            : Environment.GetEnvironmentVariable(WatchdogVariable));

    /// <summary>Connects.</summary>
    /// <param name="path">Of the socket; an abstract one begins with @. Null or unreachable: nobody is told.</param>
    /// <param name="watchdogMicroseconds">Null or no number for no watchdog.</param>
    public static ServiceManager Open(string? path, string? watchdogMicroseconds)
    {
        if (string.IsNullOrEmpty(path))
            return new ServiceManager(null, null);
        Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path[0] == '@' ? '\0' + path[1..] : path));
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            socket.Dispose();
            return new ServiceManager(null, null);
        }

        bool isWatched = long.TryParse(watchdogMicroseconds, NumberStyles.None, CultureInfo.InvariantCulture, out long microseconds) && microseconds > 0;
        return new ServiceManager(socket, isWatched ? TimeSpan.FromMicroseconds(microseconds) : null);
    }

    /// <summary>The agent serves.</summary>
    /// <param name="sentence">What <c>systemctl status</c> shows.</param>
    public void Ready(string sentence) => Tell($"READY=1\nSTATUS={sentence.ReplaceLineEndings(" ")}");

    /// <summary>The agent stops, and may take its time.</summary>
    public void Stopping() => Tell("STOPPING=1");

    /// <summary>Gives signs of life until it is cancelled, as long as the agent is alive.</summary>
    /// <param name="isAlive">Asked before every sign.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task WatchAsync(Func<bool> isAlive, TimeProvider time, CancellationToken cancellationToken)
    {
        if (WatchdogTimeout is not { } timeout)
            return;
        using PeriodicTimer timer = new(timeout / SignsPerTimeout, time);
        do
        {
            if (isAlive())
                Tell("WATCHDOG=1");
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    /// <inheritdoc/>
    public void Dispose() => _socket?.Dispose();

    private void Tell(string message)
    {
        try
        {
            _socket?.Send(Encoding.UTF8.GetBytes(message));
        }
        catch (SocketException)
        {
            // systemd restarts itself during an update: a sign that is lost then is one of several.
        }
    }
}
