using System.Globalization;
using System.Reflection;
using InstantNet.Contracts;
using InstantNet.Controller.Api;
using InstantNet.Controller.Commands;
using InstantNet.Controller.Fleet;
using InstantNet.Controller.Hosting;
using InstantNet.Controller.Rollouts;
using InstantNet.Controller.Telemetry;
using InstantNet.Generation.Packaging;

namespace InstantNet.Controller.Scenario;

/// <summary>The scenario's controller: a process of its own, spoken to over REST like any other client does. Safe from several threads.</summary>
internal sealed class ScenarioController : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private readonly ChildProcess _process;
    private readonly ControllerClient _client;

    private ScenarioController(ChildProcess process, ControllerClient client, Uri address)
    {
        _process = process;
        _client = client;
        Address = address;
    }

    /// <summary>Address of the dashboard.</summary>
    public Uri Address { get; }

    /// <summary>Starts a controller with its broker and waits until it answers.</summary>
    /// <param name="folder">Where it keeps its data; may hold those of an earlier start.</param>
    /// <param name="httpPort">0 takes any free one.</param>
    /// <param name="brokerPort">0 takes any free one.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<ScenarioController> StartAsync(
        ScenarioFolder folder, int httpPort, int brokerPort, TimeProvider time, CancellationToken cancellationToken)
    {
        DataFolder data = new(folder.Controller);
        ChildProcess process = ChildProcess.StartProgram(
            "controller", Assembly.GetExecutingAssembly().Location, folder.LogOf("controller"),
            "serve", "--data", folder.Controller, "--port", httpPort.ToString(CultureInfo.InvariantCulture),
            "--broker-port", brokerPort.ToString(CultureInfo.InvariantCulture));
        try
        {
            string port = await Patience.ForAsync("the controller to start", StartLimit, async cancel =>
            {
                if (process.HasEnded)
                    throw new ScenarioFailedException($"The controller did not start: {process.LastWords()}");
                return File.Exists(data.HttpPort) ? await File.ReadAllTextAsync(data.HttpPort, cancel) : null;
            }, time, cancellationToken);
            return new ScenarioController(process, new ControllerClient(folder.Controller), new Uri($"http://127.0.0.1:{port.Trim()}/"));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Enrols a device.</summary>
    /// <returns>The file its agent is started with.</returns>
    public async Task<string> EnrolAsync(ScenarioDevice device, string frames, CancellationToken cancellationToken)
    {
        EnrolmentRequest request = new([WireId.Parse(device.Id)], WireId.Parse(device.DeviceClass), frames, ScenarioDevice.FramesPerSecond, "simulated");
        EnrolledDevice[] enrolled = await _client.SendAsync(
            HttpMethod.Post, "devices", request, ApiJson.Default.EnrolmentRequest, ApiJson.Default.EnrolledDeviceArray, cancellationToken);
        return enrolled[0].AgentConfiguration;
    }

    /// <summary>Imports a release: its blobs, then its signed manifest.</summary>
    public Task ImportAsync(ReleaseBundle bundle, CancellationToken cancellationToken) => ReleaseImport.RunAsync(_client, bundle, cancellationToken);

    /// <summary>Starts a rollout to devices, in one wave.</summary>
    public async Task<string> StartRolloutAsync(WireId release, IEnumerable<string> devices, CancellationToken cancellationToken)
    {
        RolloutRequest request = new(release, [.. devices.Select(WireId.Parse)]);
        RolloutView started = await _client.SendAsync(
            HttpMethod.Post, "rollouts", request, ApiJson.Default.RolloutRequest, ApiJson.Default.RolloutView, cancellationToken);
        return started.Id.Value;
    }

    /// <summary>Where a rollout stands.</summary>
    public Task<RolloutView> RolloutAsync(string id, CancellationToken cancellationToken) =>
        _client.GetAsync($"rollouts/{id}", ApiJson.Default.RolloutView, cancellationToken);

    /// <summary>A device as operators see it.</summary>
    public Task<DeviceView> DeviceAsync(string id, CancellationToken cancellationToken) =>
        _client.GetAsync($"devices/{id}", ApiJson.Default.DeviceView, cancellationToken);

    /// <summary>The stored samples of a device, oldest first; all of them for a scenario of some minutes.</summary>
    public Task<TelemetryView> TelemetryAsync(string id, CancellationToken cancellationToken) =>
        _client.GetAsync($"devices/{id}/telemetry?max={TelemetryReader.MaxSamples}", ApiJson.Default.TelemetryView, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _process.DisposeAsync();
    }
}
