using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using InstantNet.Bench.Mqtt;

namespace InstantNet.Tests.System.Mqtt;

/// <summary>A real ejabberd, another broker by other people, on free ports of 127.0.0.1 with a folder of its own: MQTT over TCP and over WebSocket.
/// It runs without Erlang's distribution, so that no port mapper stays behind.</summary>
[SuppressMessage("Design", "CA1001", Justification = "xunit calls DisposeAsync of IAsyncLifetime.")]
public sealed class EjabberdFixture : IAsyncLifetime
{
    /// <summary>Where it takes WebSockets.</summary>
    public const string WebSocketPath = "/mqtt";

    private const string Program = "/usr/bin/erl";

    // Where Debian puts Erlang's libraries.
    private static readonly string Libraries = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "/usr/lib/aarch64-linux-gnu" : "/usr/lib/x86_64-linux-gnu";
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("instantnet-ejabberd-");
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _listeners;
    private Process? _process;

    /// <summary>MQTT over TCP.</summary>
    public int Port { get; } = LoopbackPort.Free();

    /// <summary>MQTT over WebSocket.</summary>
    public int WebSocketPort { get; } = LoopbackPort.Free();

    public async Task InitializeAsync()
    {
        string configuration = Path.Combine(_folder.FullName, "ejabberd.yml");
        await File.WriteAllTextAsync(configuration, string.Create(CultureInfo.InvariantCulture, $"""
            hosts: [localhost]
            auth_method: anonymous
            anonymous_protocol: login_anon
            allow_multiple_connections: true
            listen:
              - port: {Port}
                ip: "127.0.0.1"
                module: mod_mqtt
              - port: {WebSocketPort}
                ip: "127.0.0.1"
                module: ejabberd_http
                request_handlers:
                  {WebSocketPath}: mod_mqtt
            modules:
              mod_mqtt: {"{}"}

            """));
        string spool = Path.Combine(_folder.FullName, "spool");
        var start = new ProcessStartInfo(Program, ["-noinput", "-mnesia", "dir", $"\"{spool}\"", "-s", "ejabberd"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment =
            {
                ["ERL_LIBS"] = Libraries,
                ["HOME"] = _folder.FullName,
                ["EJABBERD_CONFIG_PATH"] = configuration,
                ["EJABBERD_LOG_PATH"] = Path.Combine(_folder.FullName, "ejabberd.log"),
                ["SPOOL_DIR"] = spool,
            },
        };
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => OnLine(line.Data);
        _process.Exited += (_, _) => _listening.TrySetException(new InvalidOperationException("ejabberd exited at once."));
        _process.Start();
        _process.BeginOutputReadLine();
        await _listening.Task.WaitAsync(StartTime);
    }

    public async Task DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }
        _folder.Delete(recursive: true);
    }

    private void OnLine(string? line)
    {
        if (line?.Contains("Start accepting TCP connections", StringComparison.Ordinal) == true && ++_listeners == 2)
            _listening.TrySetResult();
    }
}
