using System.Text.Json;
using System.Text.Json.Nodes;

namespace InstantNet.Controller.Scenario;

/// <summary>One agent process of the scenario, with its configuration and the wire it hangs on. Not thread safe.</summary>
internal sealed class ScenarioAgent : IAsyncDisposable
{
    private readonly string _program;
    private readonly string _configuration;
    private readonly string _log;
    private ChildProcess? _process;

    private ScenarioAgent(ScenarioDevice device, string program, string configuration, string log, LinkCutter wire)
    {
        Device = device;
        _program = program;
        _configuration = configuration;
        _log = log;
        Wire = wire;
    }

    /// <summary>Which device.</summary>
    public ScenarioDevice Device { get; }

    /// <summary>Its wire to the broker.</summary>
    public LinkCutter Wire { get; }

    /// <summary>Starts of its process so far.</summary>
    public int Starts { get; private set; }

    /// <summary>Adds to the enrolled configuration what the scenario wants of this device.</summary>
    /// <param name="device">Which.</param>
    /// <param name="configuration">File that the enrolment wrote; rewritten in place, as private as it was.</param>
    /// <param name="program">The agent: a native program or a .NET assembly.</param>
    /// <param name="log">Where its output goes.</param>
    /// <param name="phases">External load and charger, repeated for ever.</param>
    public static ScenarioAgent Prepare(
        ScenarioDevice device, string configuration, string program, string log, IReadOnlyList<(double Seconds, double Watts)> phases)
    {
        JsonNode settings = JsonNode.Parse(File.ReadAllText(configuration)) ?? throw new InvalidDataException($"'{configuration}' is empty.");
        JsonNode broker = settings["broker"] ?? throw new InvalidDataException($"'{configuration}' names no broker.");
        LinkCutter wire = new((int)broker["port"]!);
        broker["port"] = wire.Port;
        settings["battery"] = new JsonObject
        {
            ["source"] = "simulated",
            ["capacityJoules"] = ScenarioDevice.CapacityJoules,
            ["startPct"] = device.StartPct,
            ["phases"] = new JsonArray([.. phases.Select(p => new JsonObject { ["seconds"] = p.Seconds, ["watts"] = p.Watts })]),
            ["repeat"] = true,
        };
        settings["delivery"] = new JsonObject { ["maxBytesPerSecond"] = device.DownloadBytesPerSecond, ["windowChunks"] = 4 };
        settings["telemetry"]!["windowMs"] = 500;
        string beside = configuration + ".new";
        File.Copy(configuration, beside, overwrite: true);
        File.WriteAllText(beside, settings.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
        File.Move(beside, configuration, overwrite: true);
        return new ScenarioAgent(device, program, configuration, log, wire);
    }

    /// <summary>Starts, or starts again.</summary>
    public void Start()
    {
        Starts++;
        _process = ChildProcess.StartProgram(Device.Id, _program, _log, "run", "--config", _configuration);
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        await Process.KillAsync(cancellationToken);
        await Process.DisposeAsync();
    }

    /// <summary>SIGTERM: it finishes its frame, sends what it has, says goodbye.</summary>
    /// <exception cref="ScenarioFailedException">It did not end with code 0.</exception>
    public async Task StopAsync()
    {
        int code = await Process.StopAsync();
        if (code != 0)
            throw new ScenarioFailedException($"The agent of {Device.Id} ended with code {code}: {Process.LastWords()}");
    }

    /// <summary>Fails when the process ended by itself.</summary>
    public void ThrowIfEnded()
    {
        if (Process.HasEnded)
            throw new ScenarioFailedException($"The agent of {Device.Id} ended by itself: {Process.LastWords()}");
    }

    /// <summary>What an offline verb of the agent prints as JSON; the agent must not be running.</summary>
    public async Task<JsonNode> AskAsync(string verb, IEnumerable<string> more, CancellationToken cancellationToken)
    {
        string output = await ChildProcess.OutputOfAsync(_program, [verb, "--config", _configuration, "--json", .. more], cancellationToken);
        return JsonNode.Parse(output) ?? throw new ScenarioFailedException($"'{verb}' of {Device.Id} printed nothing.");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        await Wire.DisposeAsync();
    }

    private ChildProcess Process => _process ?? throw new InvalidOperationException($"The agent of {Device.Id} was not started.");
}
