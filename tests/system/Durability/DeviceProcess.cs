using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using InstantNet.Contracts.Messages;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Networks;
using InstantNet.Tests.System.Fleet;
using InstantNet.Tests.System.Mqtt;

namespace InstantNet.Tests.System.Durability;

/// <summary>The real agent as a process of its own on a folder of its own, started as often as a test likes.</summary>
internal sealed class DeviceProcess : IAsyncDisposable
{
    private const int LastLines = 40;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("instantnet-device-");
    private readonly Queue<string> _lastWords = new();
    private Process? _process;

    /// <param name="device">Its id.</param>
    /// <param name="brokerPort">Where its broker listens.</param>
    /// <param name="change">Changes the configuration before it is written.</param>
    public DeviceProcess(string device, int brokerPort, Action<JsonNode>? change = null)
    {
        Data = Directory.CreateDirectory(Path.Combine(_root.FullName, "data")).FullName;
        Configuration = Path.Combine(_root.FullName, "agent.json");
        byte[] pixels = new byte[8 * DeviceRelease.FrameBytes];
        new Random(1).NextBytes(pixels);
        string frames = Path.Combine(_root.FullName, "frames.images");
        ImageFile.Write(frames, new ImageSet(new TensorShape(1, DeviceRelease.Side, DeviceRelease.Side), pixels, new byte[8]));
        JsonNode settings = new JsonObject
        {
            ["device"] = device,
            ["deviceClass"] = DeviceRelease.DeviceClass,
            ["agentData"] = Data,
            ["broker"] = new JsonObject { ["host"] = MosquittoFixture.Host, ["port"] = brokerPort, ["maxReconnectSeconds"] = 1 },
            ["trustedKeys"] = new JsonArray(DeviceRelease.TrustedKey),
            ["frames"] = new JsonObject { ["path"] = frames, ["perSecond"] = 50 },
            ["telemetry"] = new JsonObject { ["windowMs"] = 100 },
        };
        change?.Invoke(settings);
        File.WriteAllText(Configuration, settings.ToJsonString());
    }

    public string Configuration { get; }

    public string Data { get; }

    /// <summary>Completes when the process has ended.</summary>
    public Task Ended => _process!.WaitForExitAsync();

    public bool HasEnded => _process is null or { HasExited: true };

    /// <summary>True when SIGKILL ended it.</summary>
    public bool WasKilled => _process!.ExitCode == 128 + 9;

    /// <summary>What it printed last.</summary>
    public string LastWords
    {
        get
        {
            lock (_lastWords)
                return string.Join('\n', _lastWords);
        }
    }

    public void Start(Fault? fault = null)
    {
        _process?.Dispose();
        ProcessStartInfo start = new(NativeAgent.Program, ["run", "--config", Configuration])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        fault?.AddTo(start, Data);
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>SIGTERM.</summary>
    /// <returns>Exit code.</returns>
    public async Task<int> StopAsync()
    {
        using Process terminate = Process.Start("/bin/kill", ["-TERM", _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync().WaitAsync(Limit);
        return _process.ExitCode;
    }

    public async Task KillAsync()
    {
        if (HasEnded)
            return;
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks its endpoint; the port comes from its configuration, or from the file that says which one it took.</summary>
    public async Task<JsonNode> StatusAsync()
    {
        using HttpClient http = new() { Timeout = Limit };
        JsonNode settings = JsonNode.Parse(await File.ReadAllTextAsync(Configuration))!;
        string port = settings["status"] is { } status ? $"{(int)status["port"]!}" : await File.ReadAllTextAsync(Path.Combine(Data, "status.port"));
        return JsonNode.Parse(await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/status")))!;
    }

    /// <summary>The execution on its disk; null before the first.</summary>
    public (ExecutionState State, string? Release, string Job)? Execution()
    {
        string file = Path.Combine(Data, "execution.json");
        if (!File.Exists(file))
            return null;
        JsonNode record = JsonNode.Parse(File.ReadAllText(file))!;
        return (Enum.Parse<ExecutionState>((string)record["state"]!), (string?)record["release"], (string)record["job"]!);
    }

    /// <summary>The release that its last-good pointer leads to; null before the first commit. Fails when it leads nowhere.</summary>
    public string? LastGood()
    {
        string pointer = Path.Combine(Data, "releases", "current");
        if (!File.Exists(pointer))
            return null;
        string digest = File.ReadAllText(pointer);
        byte[] manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(Data, "releases", digest + ".json")))!["envelope"]!["manifest"]!.Deserialize<byte[]>()!;
        Assert.Equal(digest, Convert.ToHexStringLower(SHA256.HashData(manifest)));
        return (string)JsonNode.Parse(manifest)!["release"]!;
    }

    /// <summary>Blobs that carry a final name; fails when one is not what its name says.</summary>
    public IReadOnlyList<string> WholeBlobs()
    {
        string folder = Path.Combine(Data, "blobs");
        string[] whole = Directory.Exists(folder) ? [.. Directory.GetFiles(folder).Where(f => Path.GetExtension(f).Length == 0)] : [];
        Assert.All(whole, file => Assert.Equal(Path.GetFileName(file), Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))));
        return [.. whole.Select(f => Path.GetFileName(f))];
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process?.Dispose();
        _root.Delete(recursive: true);
    }

    private void Note(string? line)
    {
        if (line is null)
            return;
        lock (_lastWords)
        {
            _lastWords.Enqueue(line);
            if (_lastWords.Count > LastLines)
                _lastWords.Dequeue();
        }
    }
}
