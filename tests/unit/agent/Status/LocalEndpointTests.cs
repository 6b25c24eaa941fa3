using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using InstantNet.Agent.Activation;
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

    private static readonly SensorLine[] Sensors =
    [
        SensorLine.Of("thermal:x86_pkg_temp", "temperature", 61.5, "celsius"), SensorLine.Of("thermal:odd\"zone", "temperature", 40, "celsius"),
        SensorLine.Failed("rapl", "packages counted", "packages", SensorFault.Forbidden),
    ];

    private readonly ManualClock _clock = new();
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new();

    private delegate Task<Classification?> Classifier(ReadOnlyMemory<byte> pixels, CancellationToken cancellationToken);

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
        Assert.Contains("instantnet_agent_meter_info{meter=\"dataflow\",source=\"modelled\",silent=\"\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("instantnet_agent_sensor_temperature_celsius{sensor=\"thermal:odd\\\"zone\"} 40\n", text, StringComparison.Ordinal);
        Assert.Contains("instantnet_agent_sensor_ok{sensor=\"rapl\",quantity=\"packages counted\"} 0\n", text, StringComparison.Ordinal);
        string[] metrics = [.. text.Split('\n').Where(l => l.StartsWith("# TYPE ", StringComparison.Ordinal))];
        Assert.Equal(metrics.Length, metrics.Distinct().Count());
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
    public async Task A_frame_with_a_byte_too_many_is_refused_before_the_network_sees_it()
    {
        bool wasAsked = false;
        await using LocalEndpoint endpoint = await StartAsync((_, _) =>
        {
            wasAsked = true;
            return Task.FromResult<Classification?>(null);
        });

        using HttpResponseMessage response = await _http.PostAsync(Url(endpoint, "frame"), new ByteArrayContent(new byte[5]));

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, false), (response.StatusCode, wasAsked));
        Assert.Equal("A frame of 1x2x2 has 4 bytes; more were sent.", await ProblemOfAsync(response));
    }

    [Fact]
    public async Task More_frames_at_once_than_it_holds_are_sent_away_and_later_ones_are_answered()
    {
        TaskCompletionSource<Classification?> answer = new();
        SemaphoreSlim asked = new(0);
        await using LocalEndpoint endpoint = await StartAsync((_, _) =>
        {
            asked.Release();
            return answer.Task;
        });
        List<Task<HttpResponseMessage>> held = [.. Enumerable.Range(0, LocalRoutes.FramesAtOnce).Select(_ => PostFrameAsync())];
        for (int i = 0; i < held.Count; i++)
            Assert.True(await asked.WaitAsync(TimeSpan.FromSeconds(20)));

        using HttpResponseMessage refused = await PostFrameAsync();
        answer.SetResult(new Classification(3, "dress", 0.75f, new Precision(4), 1.5));
        HttpResponseMessage[] answered = await Task.WhenAll(held);
        using HttpResponseMessage later = await PostFrameAsync();

        Assert.Equal((HttpStatusCode.TooManyRequests, "1"), (refused.StatusCode, refused.Headers.RetryAfter!.ToString()));
        Assert.All([.. answered, later], r => Assert.Equal(HttpStatusCode.OK, r.StatusCode));
        Array.ForEach(answered, r => r.Dispose());

        Task<HttpResponseMessage> PostFrameAsync() => _http.PostAsync(Url(endpoint, "frame"), new ByteArrayContent(new byte[4]));
    }

    [Fact]
    public async Task Web_pages_and_unknown_paths_are_told_so()
    {
        await using LocalEndpoint endpoint = await StartAsync();
        using HttpRequestMessage page = new(HttpMethod.Post, Url(endpoint, "hold"));
        page.Headers.Add("Origin", "https://example.org");
        using HttpRequestMessage rebound = new(HttpMethod.Get, Url(endpoint, "status"));
        rebound.Headers.Host = "example.org";

        using HttpResponseMessage foreign = await _http.SendAsync(page), renamed = await _http.SendAsync(rebound);
        using HttpResponseMessage lost = await _http.GetAsync(Url(endpoint, "states"));

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (foreign.StatusCode, renamed.StatusCode));
        Assert.False(File.Exists(_folder.Agent.Hold));
        Assert.Equal(HttpStatusCode.NotFound, lost.StatusCode);
        Assert.Contains("GET /status", await ProblemOfAsync(lost), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hold_is_a_lease_that_ends_by_itself_or_when_it_is_deleted()
    {
        await using LocalEndpoint endpoint = await StartAsync();

        HoldStatus taken = await HoldAsync(HttpMethod.Post, "hold?seconds=60");
        _clock.Advance(TimeSpan.FromSeconds(59));
        HoldStatus before = await HoldAsync(HttpMethod.Get, "hold");
        _clock.Advance(TimeSpan.FromSeconds(2));
        HoldStatus after = await HoldAsync(HttpMethod.Get, "hold");
        HoldStatus again = await HoldAsync(HttpMethod.Post, "hold");
        HoldStatus deleted = await HoldAsync(HttpMethod.Delete, "hold");

        Assert.Equal((true, taken.Until), (taken.Held, before.Until));
        Assert.Equal(new HoldStatus(false, null), after);
        Assert.Equal(_clock.GetUtcNow() + ActivationHold.Lease, again.Until);
        Assert.Equal(new HoldStatus(false, null), deleted);

        async Task<HoldStatus> HoldAsync(HttpMethod method, string path)
        {
            using HttpResponseMessage response = await _http.SendAsync(new HttpRequestMessage(method, Url(endpoint, path)));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return JsonSerializer.Deserialize(await response.Content.ReadAsStringAsync(), StatusJson.Default.HoldStatus)!;
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("86401")]
    [InlineData("soon")]
    [InlineData("")]
    public async Task A_hold_of_another_length_is_refused(string seconds)
    {
        await using LocalEndpoint endpoint = await StartAsync();

        using HttpResponseMessage response = await _http.PostAsync(Url(endpoint, $"hold?seconds={seconds}"), null);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal($"seconds is '{seconds}': 1 to 86400 is accepted.", await ProblemOfAsync(response));
        Assert.False(File.Exists(_folder.Agent.Hold));
    }

    [Fact]
    public async Task Tells_the_policy_in_force_and_what_the_sensors_say()
    {
        await using LocalEndpoint endpoint = await StartAsync();

        string policy = await _http.GetStringAsync(Url(endpoint, "policy")), sensors = await _http.GetStringAsync(Url(endpoint, "sensors"));

        Assert.Contains("\"version\":7,\"policy\":{\"mode\":\"auto\"", policy, StringComparison.Ordinal);
        Assert.Contains("\"maxSwitchesPerMinute\":60", policy, StringComparison.Ordinal);
        Assert.Contains(
            "{\"sensor\":\"rapl\",\"quantity\":\"packages counted\",\"unit\":\"packages\",\"source\":\"measured\",\"problem\":\"may not be read by this user\"}",
            sensors, StringComparison.Ordinal);
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

    private Task<LocalEndpoint> StartAsync(Classifier? classify = null, int port = 0) => LocalEndpoint.StartAsync(
        port, _folder.Agent,
        new LocalSurface(
            Some, SomePolicy, () => Sensors, new ActivationHold(_folder.Agent, _clock),
            new FrameService(new FrameShape(1, 2, 2), (pixels, stop) => classify is null ? Task.FromResult<Classification?>(null) : classify(pixels, stop))),
        NullLoggerFactory.Instance);

    private static Uri Url(LocalEndpoint endpoint, string path) => new($"http://127.0.0.1:{endpoint.Port}/{path}");

    private static async Task<string> ProblemOfAsync(HttpResponseMessage response)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("detail").GetString()!;
    }

    private static PolicyStatus SomePolicy() => new(7, PrecisionPolicy.Default, null, [new Precision(8)], []);

    internal static AgentStatus Some() => new(
        WireId.Parse("eyeriss-01"), WireId.Parse("eyeriss-168"), Connected: true, "Connected.", 4, 2,
        new ExecutionStatus(WireId.Parse("job-1"), 2, ExecutionState.Trial, null, null, null),
        new ServingReport(
            WireId.Parse("mobile-1"), 3, new PrecisionInUse(new Precision(8), SwitchReason.Battery, DateTimeOffset.UnixEpoch, 6), [new Precision(8)], []),
        WireId.Parse("mobile-1"), new BatteryReading(41.5, Charging: true), new FrameCounts(5, 1), 6, new SpoolCounters(9, 8, 7, 1, 2),
        Durations, Durations, new MeterReport("dataflow", MeterSource.Modelled, 12, null), MeterSource.Measured, 60.5);
}
