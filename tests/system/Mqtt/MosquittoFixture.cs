using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace InstantNet.Tests.System.Mqtt;

/// <summary>A real mosquitto on a free port of 127.0.0.1 with a folder of its own; tests may kill and start it again.</summary>
public sealed class MosquittoFixture : IAsyncLifetime
{
    private const string Program = "/usr/sbin/mosquitto";
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("instantnet-mosquitto-");
    private Process? _process;

    /// <summary>Address that the broker listens on.</summary>
    public static string Host => "127.0.0.1";

    /// <summary>Port of the broker; the same after a restart.</summary>
    public int Port { get; } = FreePort();

    /// <summary>Lines added to the configuration at the next start.</summary>
    public string ExtraConfiguration { get; set; } = "allow_anonymous true";

    /// <summary>Folder for files that the configuration names; gone with the fixture.</summary>
    public string Folder => _folder.FullName;

    public Task InitializeAsync() => StartAsync();

    public async Task DisposeAsync()
    {
        await KillAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Starts the broker and returns when it accepts connections.</summary>
    public async Task StartAsync()
    {
        string configuration = Path.Combine(Folder, "mosquitto.conf");
        await File.WriteAllTextAsync(configuration, string.Create(CultureInfo.InvariantCulture, $"""
            listener {Port} {Host}
            max_inflight_messages 1000
            max_queued_messages 20000
            max_packet_size 1048576
            persistence false
            user {Environment.UserName}
            log_dest file {Folder}/mosquitto.log
            {ExtraConfiguration}

            """));
        _process = Process.Start(new ProcessStartInfo(Program, ["-c", configuration]) { UseShellExecute = false })
            ?? throw new InvalidOperationException($"{Program} did not start.");
        await WaitUntilListeningAsync(_process);
    }

    /// <summary>Ends the broker as a power cut would.</summary>
    public async Task KillAsync()
    {
        if (_process is null)
            return;
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    private async Task WaitUntilListeningAsync(Process process)
    {
        using var deadline = new CancellationTokenSource(StartTime);
        while (true)
        {
            if (process.HasExited)
                throw new InvalidOperationException(
                    $"mosquitto exited with {process.ExitCode}: {await File.ReadAllTextAsync(Path.Combine(Folder, "mosquitto.log"), deadline.Token)}");
            using var probe = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await probe.ConnectAsync(Host, Port, deadline.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Yield(); // not listening yet: ask again until the deadline
            }
        }
    }

    /// <summary>A port of 127.0.0.1 that nobody listened on a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
