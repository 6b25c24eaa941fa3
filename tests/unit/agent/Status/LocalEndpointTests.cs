using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using InstantNet.Agent.Inference;
using InstantNet.Agent.Sensors;
using InstantNet.Agent.Status;
using InstantNet.Agent.Telemetry;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Tests.Unit.Agent.Durable;
using Microsoft.Extensions.Logging.Abstractions;

namespace InstantNet.Tests.Unit.Agent.Status;

public sealed class LocalEndpointTests : IDisposable
{
    private static readonly DurationFigures Durations = new(10, 200, 900, 1000);

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new();

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Tells_the_status_as_the_verbs_read_it()
    {
        await using LocalEndpoint endpoint = await StartAsync();

        string json = await _http.GetStringAsync(Url(endpoint, "status"));

        AgentStatus? status = JsonSerializer.Deserialize(json, StatusJson.Default.AgentStatus);
        Assert.Equal(Some() with { Serving = null, Battery = null }, status! with { Serving = null, Battery = null });
        Assert.Contains("\"execution\":{\"job\":\"job-1\",\"attempt\":2,\"state\":\"Trial\"", json, StringComparison.Ordinal);
        Assert.Contains("\"battery\":{\"pct\":41.5,\"charging\":true}", json, StringComparison.Ordinal);
        Assert.Contains("\"spool\":{\"epoch\":9,\"produced\":8,\"acknowledged\":7,\"dropped\":1,\"pendingBatches\":2}", json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tells_metrics_in_the_format_of_Prometheus()
    {
        await using LocalEndpoint endpoint = await StartAsync();

        string text = await _http.GetStringAsync(Url(endpoint, "metrics"));

        Assert.Contains("# TYPE instantnet_agent_frames_total counter\ninstantnet_agent_frames_total 5\n", text, StringComparison.Ordinal);
        Assert.Contains("instantnet_agent_battery_ratio 0.415\n", text, StringComparison.Ordinal);
        Assert.Contains("instantnet_agent_precision_bits 8\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_a_frame_with_its_class()
    {
        byte[]? asked = null;
        await using LocalEndpoint endpoint = await StartAsync((pixels, _) =>
        {
            asked = pixels.ToArray();
            return Task.FromResult<Classification?>(new Classification(3, "dress", 0.75f, new Precision(4), 1.5));
        });

        using HttpResponseMessage response = await _http.PostAsync(Url(endpoint, "frame"), new ByteArrayContent([1, 2, 3]));

        Assert.Equal([1, 2, 3], asked);
        Assert.Equal(
            "{\"class\":3,\"label\":\"dress\",\"confidence\":0.75,\"bits\":4,\"latencyMs\":1.5}", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Says_what_is_wrong_with_a_frame_and_when_nothing_serves()
    {
        await using LocalEndpoint faulty = await StartAsync((_, _) => throw new ArgumentException("A frame of 1x28x28 has 784 bytes, not 3."));
        using HttpResponseMessage wrong = await _http.PostAsync(Url(faulty, "frame"), new ByteArrayContent([1, 2, 3]));
        await using LocalEndpoint empty = await StartAsync();
        using HttpResponseMessage early = await _http.PostAsync(Url(empty, "frame"), new ByteArrayContent([1, 2, 3]));

        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Contains("784 bytes", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, early.StatusCode);
    }

    [Fact]
    public async Task Writes_the_chosen_port_to_a_file_while_it_listens()
    {
        await using (LocalEndpoint endpoint = await StartAsync())
            Assert.Equal($"{endpoint.Port}", await File.ReadAllTextAsync(_folder.Agent.StatusPort));

        Assert.False(File.Exists(_folder.Agent.StatusPort));
    }

    [Fact]
    public async Task A_port_in_use_is_one_sentence()
    {
        using TcpListener other = new(IPAddress.Loopback, 0);
        other.Start();
        int port = ((IPEndPoint)other.LocalEndpoint).Port;

        EndpointInUseException e = await Assert.ThrowsAsync<EndpointInUseException>(() => StartAsync(port: port));

        Assert.StartsWith($"Port {port} on 127.0.0.1 is in use", e.Message, StringComparison.Ordinal);
    }

    private Task<LocalEndpoint> StartAsync(LocalEndpoint.Classifier? classify = null, int port = 0) => LocalEndpoint.StartAsync(
        port, _folder.Agent, Some, classify ?? ((_, _) => Task.FromResult<Classification?>(null)), NullLoggerFactory.Instance);

    private static Uri Url(LocalEndpoint endpoint, string path) => new($"http://127.0.0.1:{endpoint.Port}/{path}");

    private static AgentStatus Some() => new(
        WireId.Parse("eyeriss-01"), WireId.Parse("eyeriss-168"), Connected: true, "Connected.", 4, 2,
        new ExecutionStatus(WireId.Parse("job-1"), 2, ExecutionState.Trial, null, null, null),
        new ServingReport(
            WireId.Parse("mobile-1"), 3, new PrecisionInUse(new Precision(8), SwitchReason.Battery, DateTimeOffset.UnixEpoch, 6), [new Precision(8)], []),
        WireId.Parse("mobile-1"), new BatteryReading(41.5, Charging: true), new FrameCounts(5, 1), 6, new SpoolCounters(9, 8, 7, 1, 2),
        Durations, Durations, new MeterReport("dataflow", MeterSource.Modelled, 12, null), MeterSource.Measured, 60.5);
}
