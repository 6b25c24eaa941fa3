using System.Text.Json.Nodes;
using InstantNet.Contracts;
using InstantNet.Controller.Fleet;
using InstantNet.Controller.Scenario;

namespace InstantNet.Tests.System.Fleet;

/// <summary>One agent process, seen from the controller and at its own endpoint.</summary>
internal sealed class FleetAgent(FleetFixture fleet, ScenarioAgent process, string configuration) : IAsyncDisposable
{
    private static readonly HttpClient Http = new() { Timeout = FleetFixture.Limit };
    private readonly string _data = Path.GetFullPath(
        (string)JsonNode.Parse(File.ReadAllText(configuration))!["agentData"]!, Path.GetDirectoryName(configuration)!);

    public ScenarioAgent Process => process;

    public string Id => process.Device.Id;

    public string Configuration => configuration;

    public WireId WireId { get; } = WireId.Parse(process.Device.Id);

    /// <summary>Where its endpoint listens.</summary>
    public async Task<Uri> AddressAsync() => new($"http://127.0.0.1:{await File.ReadAllTextAsync(Path.Combine(_data, "status.port"))}/");

    /// <summary>Waits until the controller shows the device as wanted.</summary>
    public Task<DeviceView> UntilSeenAsync(string what, Func<DeviceView, bool> holds) => Patience.ForAsync($"{Id} {what}", FleetFixture.Limit, async cancel =>
    {
        DeviceView view = await fleet.Controller.DeviceAsync(Id, cancel);
        return holds(view) ? view : null;
    }, TimeProvider.System, CancellationToken.None);

    /// <summary>Waits until the agent says of itself what is wanted.</summary>
    public Task<JsonNode> UntilItSaysAsync(string what, Func<JsonNode, bool> holds) => Patience.ForAsync($"{Id} to say {what}", FleetFixture.Limit, async cancel =>
    {
        process.ThrowIfEnded();
        JsonNode? status = await StatusAsync(cancel);
        return status is not null && holds(status) ? status : null;
    }, TimeProvider.System, CancellationToken.None);

    /// <summary>SIGTERM, then compares what it wrote to its disk with what the controller stored.</summary>
    /// <returns>Samples.</returns>
    public async Task<(long Produced, long Stored)> StopAndCountAsync()
    {
        await process.StopAsync();
        long produced = (long)(await process.AskAsync("spool", [], CancellationToken.None))["produced"]!;
        await UntilSeenAsync($"to have {produced} samples stored", d => d.SamplesStored >= produced);
        return (produced, (await fleet.Controller.TelemetryAsync(Id, CancellationToken.None)).StoredTotal);
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();

    /// <summary>Answer of its endpoint; null while it has none.</summary>
    private async Task<JsonNode?> StatusAsync(CancellationToken cancellationToken)
    {
        try
        {
            string port = await File.ReadAllTextAsync(Path.Combine(_data, "status.port"), cancellationToken);
            return JsonNode.Parse(await Http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/status"), cancellationToken));
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            return null;
        }
    }
}
