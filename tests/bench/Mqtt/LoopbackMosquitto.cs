using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace InstantNet.Bench.Mqtt;

/// <summary>A real mosquitto on a free port of 127.0.0.1 with a folder of its own; it can be killed and started again. Not thread-safe.</summary>
internal sealed partial class LoopbackMosquitto : IAsyncDisposable
{
    private const string Program = "/usr/sbin/mosquitto";
    private const int Stop = 19; // SIGSTOP, signal(7)

    // More than any test or bench sends. Not 0 for "no limit": mosquitto 2.0.11 then hangs up after it has refused a message (handle_publish.c).
    private const int MostQueued = 10_000_000;
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("instantnet-mosquitto-");
    private Process? _process;

    /// <summary>Address that the broker listens on.</summary>
    public static string Host => "127.0.0.1";

    /// <summary>Port of the broker; the same after a restart.</summary>
    public int Port { get; } = LoopbackPort.Free();

    /// <summary>Lines added to the configuration at the next start.</summary>
    public string ExtraConfiguration { get; set; } = "allow_anonymous true\npersistence false";

    /// <summary>Folder for files that the configuration names; gone with the broker.</summary>
    public string Folder => _folder.FullName;

    /// <summary>What mosquitto calls itself, e.g. "mosquitto version 2.0.11".</summary>
    /// <exception cref="FileNotFoundException">mosquitto is not installed.</exception>
    public static async Task<string> VersionAsync()
    {
        if (!File.Exists(Program))
            throw new FileNotFoundException($"{Program} is missing: install the package mosquitto.", Program);
        using Process process = Process.Start(new ProcessStartInfo(Program, ["-h"]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        string? first = await process.StandardOutput.ReadLineAsync();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return first ?? Program;
    }

    /// <summary>Starts the broker and returns when it accepts connections.</summary>
    public async Task StartAsync()
    {
        string configuration = Path.Combine(Folder, "mosquitto.conf");
        await File.WriteAllTextAsync(configuration, string.Create(CultureInfo.InvariantCulture, $"""
            listener {Port} {Host}
            max_inflight_messages 1000
            max_queued_messages {MostQueued}
            max_packet_size 1048576
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

    /// <summary>Stops the broker's work without ending it: what is sent to it lies in the kernel. <see cref="KillAsync"/> ends it all the same.</summary>
    public void Freeze()
    {
        if (_process is null || Signal(_process.Id, Stop) != 0)
            throw new InvalidOperationException("The broker could not be stopped.");
    }

    /// <summary>What the broker has logged, also before a restart.</summary>
    public Task<string> ReadLogAsync(CancellationToken cancellationToken) => File.ReadAllTextAsync(Path.Combine(Folder, "mosquitto.log"), cancellationToken);

    /// <summary>Bytes of memory that the broker holds.</summary>
    public long ResidentBytes()
    {
        Process process = _process ?? throw new InvalidOperationException("The broker does not run.");
        process.Refresh();
        return process.WorkingSet64;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder.Delete(recursive: true);
    }

    private async Task WaitUntilListeningAsync(Process process)
    {
        using var deadline = new CancellationTokenSource(StartTime);
        while (true)
        {
            if (process.HasExited)
                throw new InvalidOperationException(
                    $"mosquitto exited with {process.ExitCode}: {await ReadLogAsync(deadline.Token)}");
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

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Signal(int process, int signal);
}
