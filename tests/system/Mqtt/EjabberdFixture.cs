using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;
using InstantNet.Bench.Mqtt;

namespace InstantNet.Tests.System.Mqtt;

/// <summary>A real ejabberd, another broker by other people, on free ports of 127.0.0.1 with a folder of its own: MQTT over TCP and over WebSocket,
/// the latter with TLS, too. It runs without Erlang's distribution, so that no port mapper stays behind.</summary>
[SuppressMessage("Design", "CA1001", Justification = "xunit calls DisposeAsync of IAsyncLifetime.")]
public sealed class EjabberdFixture : IAsyncLifetime
{
    /// <summary>Where it takes WebSockets.</summary>
    public const string WebSocketPath = "/mqtt";

    private const int Listeners = 3;
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

    /// <summary>MQTT over WebSocket over TLS.</summary>
    public int SecureWebSocketPort { get; } = LoopbackPort.Free();

    /// <summary>PEM file of the authority that its certificate is from.</summary>
    public string AuthorityFile => Path.Combine(_folder.FullName, "ca.pem");

    public async Task InitializeAsync()
    {
        using TestCertificates certificates = new();
        using X509Certificate2 own = certificates.Issue("broker");
        string ownFile = Path.Combine(_folder.FullName, "own.pem");
        await File.WriteAllTextAsync(AuthorityFile, certificates.Authority.ExportCertificatePem());
        await File.WriteAllTextAsync(ownFile, $"{own.ExportCertificatePem()}\n{own.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()}\n");
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
              - port: {SecureWebSocketPort}
                ip: "127.0.0.1"
                module: ejabberd_http
                tls: true
                request_handlers:
                  {WebSocketPath}: mod_mqtt
            certfiles:
              - "{ownFile}"
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
        // "TCP connections" or "TLS connections".
        if (line?.Contains("Start accepting T", StringComparison.Ordinal) == true && ++_listeners == Listeners)
            _listening.TrySetResult();
    }
}
