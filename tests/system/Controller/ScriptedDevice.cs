using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading.Channels;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Mqtt;

namespace InstantNet.Tests.System.Controller;

/// <summary>Speaks the wire contract as an agent does, as far as a test tells it to.</summary>
internal sealed class ScriptedDevice(WireId id, int port, string password) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Channel<(string Topic, byte[] Payload)> _received = Channel.CreateUnbounded<(string, byte[])>();
    private MqttSession? _session;

    public WireId Id { get; } = id;

    /// <summary>Of the broker.</summary>
    public int Port { get; } = port;

    public Topics Topics { get; } = new(WireId.Parse("default"));

    public DateTimeOffset Now { get; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Connects and listens to what is sent down to it.</summary>
    public async Task ConnectAsync()
    {
        MqttConnectOptions options = new()
        {
            Host = "127.0.0.1",
            Port = Port,
            ClientId = Id.Value,
            UserName = Id.Value,
            Password = Encoding.UTF8.GetBytes(password),
            CleanStart = true,
        };
        _session = new MqttSession(
            new MqttConnector(TimeProvider.System),
            new MqttSessionOptions
            {
                ConnectOptions = () => options,
                Backoff = new ReconnectBackoff(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(500), new Random(1)),
            },
            TimeProvider.System);
        await ListenAsync(Topics.AllDownTo(Id));
        _session.Start();
        using CancellationTokenSource patience = new(Patience);
        await _session.WaitUntilConnectedAsync(patience.Token);
    }

    public async Task ListenAsync(string filter) => await _session!.SubscribeAsync(
        filter, MqttQos.AtLeastOnce,
        (message, _) =>
        {
            _received.Writer.TryWrite((message.Topic, message.Payload.ToArray()));
            return ValueTask.CompletedTask;
        },
        CancellationToken.None);

    /// <summary>The next message on a topic, whatever comes on others meanwhile.</summary>
    public async Task<byte[]> NextAsync(string topic)
    {
        using CancellationTokenSource patience = new(Patience);
        await foreach ((string at, byte[] payload) in _received.Reader.ReadAllAsync(patience.Token))
        {
            if (at == topic)
                return payload;
        }

        throw new InvalidOperationException("The link was stopped.");
    }

    public async Task<T> NextAsync<T>(string topic, JsonTypeInfo<T> type) => JsonSerializer.Deserialize(await NextAsync(topic), type)!;

    public Task SendAsync(Presence presence, long epoch) => SendAsync(
        UpKind.State,
        new DeviceState(1, presence, epoch, 1, Now, "0.1.0", WireId.Parse("eyeriss-168"), null, null, []), WireJson.Default.DeviceState, retain: true);

    public Task SendAsync(TelemetryBatch batch) => SendAsync(UpKind.Telemetry, batch, WireJson.Default.TelemetryBatch);

    public Task SendAsync(JobOffer offer, ExecutionState state, string? code = null) => SendAsync(
        UpKind.JobStatus,
        new JobStatus(1, offer.Job, offer.Attempt, null, state, null, code, null, 5, Now), WireJson.Default.JobStatus);

    public Task ReportAsync(long desiredVersion) => SendAsync(
        UpKind.ReportedTwin, new ReportedTwin(1, desiredVersion, Applied: true, [], null, null, [], []), WireJson.Default.ReportedTwin);

    public async Task SendRawAsync(string topic, byte[] payload) =>
        await _session!.PublishAsync(new MqttPublish(topic, payload, MqttQos.AtLeastOnce), CancellationToken.None);

    public TelemetryBatch Batch(long seq, int samples = 1) => new(
        1, 99, seq, Hist: false, 0,
        Enumerable.Range(0, samples).Select(i => new TelemetrySample(
            Now.AddMilliseconds((seq * 1000) + i), 500, WireId.Parse("rel-1"), new Precision(8), SwitchReason.Start, 0, 10, 10 * seq, 0, 9,
            1, 2, MeterSource.Measured, 0.5, MeterSource.Modelled, null, Charging: false, 5, 0.9, 50)).ToArray());

    public async ValueTask DisposeAsync()
    {
        if (_session is not null)
            await _session.DisposeAsync();
    }

    private async Task SendAsync<T>(UpKind kind, T message, JsonTypeInfo<T> type, bool retain = false) => await _session!.PublishAsync(
        new MqttPublish(Topics.Up(Id, kind), JsonSerializer.SerializeToUtf8Bytes(message, type), MqttQos.AtLeastOnce, retain), CancellationToken.None);
}
