using System.Text.Json;
using System.Threading.Channels;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Mqtt;
using InstantNet.Tests.System.Mqtt;

namespace InstantNet.Tests.System.Durability;

/// <summary>The controller's end of one device's wire, over a real broker: publishes what it wants and keeps what the device says.</summary>
internal sealed class DeviceWire : IMqttInbound, IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly WireId _device;
    private readonly List<object> _heard = [];
    private readonly Dictionary<(long Epoch, long Seq), TelemetryBatch> _batches = [];
    private readonly Channel<object> _said = Channel.CreateUnbounded<object>();
    private IMqttConnection _connection = null!;
    private int _repeated;

    private DeviceWire(string device) => _device = WireId.Parse(device);

    public Topics Topics { get; } = new(WireId.Parse("default"));

    /// <summary>Births (<see cref="DeviceState"/>), <see cref="JobStatus"/> and <see cref="Alarm"/> messages in the order they came.</summary>
    public ChannelReader<object> Said => _said.Reader;

    /// <summary>Telemetry batches, each number once.</summary>
    public IReadOnlyList<TelemetryBatch> Batches
    {
        get
        {
            lock (_batches)
                return [.. _batches.Values];
        }
    }

    /// <summary>Batches that came again under their number.</summary>
    public int Repeated => Volatile.Read(ref _repeated);

    /// <summary>The first message of a kind that is as expected, said already or yet to come.</summary>
    public async Task<T> HearAsync<T>(Func<T, bool> isExpected)
    {
        if (_heard.OfType<T>().FirstOrDefault(isExpected) is { } known)
            return known;
        using CancellationTokenSource patience = new(Limit);
        await foreach (object message in Said.ReadAllAsync(patience.Token))
        {
            _heard.Add(message);
            if (message is T wanted && isExpected(wanted))
                return wanted;
        }

        throw new InvalidOperationException("The wire was cut.");
    }

    public static async Task<DeviceWire> ConnectAsync(MosquittoFixture broker, string device)
    {
        DeviceWire wire = new(device);
        wire._connection = await new MqttConnector(TimeProvider.System).ConnectAsync(
            BrokerClient.Options(broker, $"controller-of-{device}"), wire, CancellationToken.None);
        await wire._connection.SubscribeAsync([new MqttFilter(wire.Topics.WritableBy(device), MqttQos.AtLeastOnce)], CancellationToken.None);
        return wire;
    }

    public async Task PublishAsync(DeviceRelease release)
    {
        foreach ((string topic, byte[] chunk) in release.Chunks(Topics))
            await PublishAsync(topic, chunk);
    }

    /// <summary>Makes this the device's job; null takes its job back.</summary>
    public Task OfferAsync(JobOffer? offer) =>
        PublishAsync(Topics.Job(_device), offer is null ? [] : JsonSerializer.SerializeToUtf8Bytes(offer, WireJson.Default.JobOffer));

    public async Task PublishAsync(string topic, byte[] payload) =>
        await _connection.PublishAsync(new MqttPublish(topic, payload, MqttQos.AtLeastOnce, Retain: true), CancellationToken.None);

    public ValueTask OnMessageAsync(MqttMessage message, CancellationToken cancellationToken)
    {
        if (message.Payload.IsEmpty || !Topics.TryReadUp(message.Topic, out _, out _, out UpKind kind))
            return ValueTask.CompletedTask;
        if (kind == UpKind.Telemetry)
            Keep(JsonSerializer.Deserialize(message.Payload.Span, WireJson.Default.TelemetryBatch)!);
        else if (kind == UpKind.JobStatus)
            _said.Writer.TryWrite(JsonSerializer.Deserialize(message.Payload.Span, WireJson.Default.JobStatus)!);
        else if (kind == UpKind.Alarm)
            _said.Writer.TryWrite(JsonSerializer.Deserialize(message.Payload.Span, WireJson.Default.Alarm)!);
        else if (kind == UpKind.State && JsonSerializer.Deserialize(message.Payload.Span, WireJson.Default.DeviceState) is { S: Presence.Online } birth)
            _said.Writer.TryWrite(birth);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private void Keep(TelemetryBatch batch)
    {
        lock (_batches)
        {
            if (_batches.TryAdd((batch.Epoch, batch.Seq), batch))
                return;
            _repeated++;
            // Whoever stores a number once must not lose anything by it.
            if (!_batches[(batch.Epoch, batch.Seq)].Samples.SequenceEqual(batch.Samples))
                _said.Writer.TryComplete(new InvalidDataException($"Batch {batch.Seq} came again with other samples."));
        }
    }
}
