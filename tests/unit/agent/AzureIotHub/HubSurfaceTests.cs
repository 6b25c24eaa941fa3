using System.Runtime.Versioning;
using System.Text;
using InstantNet.Agent.AzureIotHub;
using InstantNet.Agent.Configuration;
using InstantNet.Agent.Delivery;
using InstantNet.Agent.Durable;
using InstantNet.Agent.Link;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Mqtt;
using InstantNet.Contracts.Releases;
using InstantNet.Tests.Unit.Agent.Activation;
using InstantNet.Tests.Unit.Agent.Durable;
using InstantNet.Tests.Unit.Agent.Link;
using Microsoft.Extensions.Logging.Abstractions;

namespace InstantNet.Tests.Unit.Agent.AzureIotHub;

/// <summary>The hub's rules, one by one; the whole way is a system test.</summary>
[SupportedOSPlatform("linux")] // by the modes of files
public sealed class HubSurfaceTests : IDisposable
{
    private static readonly byte[] Key = Encoding.UTF8.GetBytes("0123456789abcdef0123456789abcdef");

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new();
    private readonly AgentConfig _config;

    public HubSurfaceTests()
    {
        string key = Path.Combine(_folder.Agent.Root, "key");
        File.WriteAllText(key, Convert.ToBase64String(Key));
        File.SetUnixFileMode(key, UnixFileMode.UserRead);
        _config = new AgentConfig
        {
            Device = "cam-1", DeviceClass = "cpu", IotHub = new HubSettings { HostName = "fleet.azure-devices.net", SharedAccessKeyFile = key },
        };
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_connection_keeps_the_hubs_rules()
    {
        using HubSurface surface = Surface();

        MqttConnectOptions options = surface.NextConnection();

        Assert.Equal((MqttProtocol.V311, "fleet.azure-devices.net", 8883, true), (options.Protocol, options.Host, options.Port, options.CleanStart));
        Assert.Equal(("cam-1", "fleet.azure-devices.net/cam-1/?api-version=2021-04-12"), (options.ClientId, options.UserName));
        Assert.NotNull(options.Tls);
        Assert.Null(options.WebSocketPath);
        Assert.Equal(
            SasToken.Create("fleet.azure-devices.net", "cam-1", Key, _time.GetUtcNow().AddHours(1)), Encoding.UTF8.GetString(options.Password!.Value.Span));
        Assert.Equal(
            ("devices/cam-1/messages/events/kind=state&%24.ct=application%2Fjson&%24.ce=utf-8", MqttQos.AtLeastOnce, false, TimeSpan.Zero),
            (options.Will!.Message.Topic, options.Will.Message.Qos, options.Will.Message.Retain, options.Will.Delay));
    }

    [Fact]
    public void A_metered_device_pings_no_more_seldom_than_the_hub_takes()
    {
        _config.Telemetry.Budget = new BudgetSettings { BytesPerMonth = 1_000_000 };
        using HubSurface surface = Surface();

        Assert.Equal(TimeSpan.FromSeconds(1177), surface.NextConnection().KeepAlive);
    }

    [Fact]
    public void A_WebSocket_goes_by_the_web_port()
    {
        _config.IotHub!.WebSocket = true;
        using HubSurface surface = Surface();

        MqttConnectOptions options = surface.NextConnection();

        Assert.Equal((443, "/$iothub/websocket?iothub-no-client-cert=true"), (options.Port, options.WebSocketPath));
        Assert.True(MqttConnectOptions.IsPath(options.WebSocketPath));
    }

    [Fact]
    public async Task A_connection_ends_politely_before_its_token_does()
    {
        using HubSurface surface = Surface();
        using CancellationTokenSource stop = new();
        await using MqttSession session = new(new MqttConnector(_time), new MqttSessionOptions { ConnectOptions = surface.NextConnection, Backoff = Backoff() }, _time);
        surface.Over(session);
        await surface.ListenAsync(null!, null!); // nothing comes in this test
        Task running = surface.RunAsync(stop.Token);
        OpenConnection connection = new();
        await surface.GreetAsync(connection, CancellationToken.None);
        await _time.TimerSetAsync(TimeSpan.FromMinutes(48));
        Assert.False(connection.Closed.IsCompleted);

        _time.Advance(TimeSpan.FromMinutes(48));

        Assert.Equal(MqttReason.Success, (await connection.Closed.WaitAsync(FakeHub.Patience)).Reason);
        Assert.Equal("devices/cam-1/messages/events/kind=state&%24.ct=application%2Fjson&%24.ce=utf-8", Assert.Single(connection.Published).Topic);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public void A_message_that_the_hub_does_not_take_is_refused_before_it_is_sent()
    {
        HubIdentity identity = new("h", "cam-1");
        string topic = new Topics(WireId.Parse("default")).Up(WireId.Parse("cam-1"), UpKind.Telemetry);
        int room = HubLink.MaxEventBytes - HubTopics.Event("cam-1", UpKind.Telemetry).Length;

        Assert.Equal(room, HubLink.Event(identity, new MqttPublish(topic, new byte[room], MqttQos.AtLeastOnce)).Payload.Length);
        MqttException e = Assert.Throws<MqttException>(() => HubLink.Event(identity, new MqttPublish(topic, new byte[room + 1], MqttQos.AtLeastOnce)));
        Assert.Equal(
            (MqttFailure.TooLarge, $"A message of 262145 bytes to '{topic}' was not sent: Azure IoT Hub takes 262144."), (e.Failure, e.Message));
        Assert.Throws<ArgumentException>(() => HubLink.Event(identity, new MqttPublish("elsewhere", default, MqttQos.AtLeastOnce)));
    }

    [Fact]
    public void The_largest_telemetry_batch_that_the_surface_names_is_the_largest_that_its_link_takes()
    {
        using HubSurface surface = Surface();
        HubIdentity identity = new("fleet.azure-devices.net", "cam-1");
        string topic = new Topics(WireId.Parse("default")).Up(WireId.Parse("cam-1"), UpKind.Telemetry);

        HubLink.Event(identity, new MqttPublish(topic, new byte[surface.MostBatchBytes], MqttQos.AtLeastOnce));
        Assert.Throws<MqttException>(() => HubLink.Event(identity, new MqttPublish(topic, new byte[surface.MostBatchBytes + 1], MqttQos.AtLeastOnce)));
    }

    [Fact]
    public async Task Chunks_cannot_be_subscribed_to()
    {
        using HubSurface surface = Surface();
        await using MqttSession session = new(new MqttConnector(_time), new MqttSessionOptions { ConnectOptions = surface.NextConnection, Backoff = Backoff() }, _time);
        IMessageLink link = surface.Over(session);

        MqttException e = await Assert.ThrowsAsync<MqttException>(
            async () => await link.SubscribeAsync("b/abc/0", MqttQos.AtLeastOnce, (_, _) => default, CancellationToken.None));

        Assert.Equal("Azure IoT Hub has no messages like 'b/abc/0'; blobs come from a job's blobUrl.", e.Message);
        await link.UnsubscribeAsync("b/abc/0", CancellationToken.None);
    }

    private static ReconnectBackoff Backoff() => new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), new Random(1));

    private HubSurface Surface()
    {
        DeviceCounters counters = DeviceCounters.Open(_folder.Agent, _time);
        Presences presences = new(_config, counters, new FakeServer(), () => [], _time);
        return new HubSurface(_config, counters, presences, new HubServices(new NoManifests(), NullLoggerFactory.Instance, _time));
    }

    private sealed class NoManifests : IManifestSource
    {
        public Task<(byte[]? Manifest, DeliveryFault? Fault)> FetchAsync(BlobRef manifest, string blobUrl, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }

    private sealed class OpenConnection : IMqttConnection
    {
        private readonly TaskCompletionSource<MqttClosed> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public MqttConnAck ConnAck { get; } = new() { Protocol = MqttProtocol.V311 };

        public Task<MqttClosed> Closed => _closed.Task;

        public long DroppedMessages => 0;

        public List<MqttPublish> Published { get; } = [];

        public ValueTask<MqttReason> PublishAsync(MqttPublish message, CancellationToken cancellationToken)
        {
            Published.Add(message);
            return ValueTask.FromResult(MqttReason.Success);
        }

        public ValueTask<MqttReason> PublishKeptAsync(MqttPublish message, CancellationToken cancellationToken) => PublishAsync(message, cancellationToken);

        public ValueTask DisconnectAsync(MqttReason reason, CancellationToken cancellationToken)
        {
            _closed.TrySetResult(new MqttClosed(MqttFailure.None, reason, "This side disconnected."));
            return ValueTask.CompletedTask;
        }

        public ValueTask<IReadOnlyList<MqttReason>> SubscribeAsync(IReadOnlyList<MqttFilter> filters, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<IReadOnlyList<MqttReason>> UnsubscribeAsync(IReadOnlyList<string> filters, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
