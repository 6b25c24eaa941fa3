using System.Net.Security;
using System.Text;
using InstantNet.Agent.Configuration;
using InstantNet.Agent.Durable;
using InstantNet.Agent.Remote;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Mqtt;

namespace InstantNet.Agent.Link;

/// <summary>The controller behind an MQTT 5 broker, whose session is the link.</summary>
/// <param name="config">Who the device is and where its broker.</param>
/// <param name="counters">Hold the epoch.</param>
/// <param name="presences">Birth and will.</param>
internal sealed class BrokerSurface(AgentConfig config, DeviceCounters counters, Presences presences) : IControllerSurface
{
    /// <summary>How long the broker waits for a device to come back before it tells that it is gone.</summary>
    public static readonly TimeSpan WillDelay = TimeSpan.FromSeconds(15);

    // Longer than the will delay, which it would cut short; short enough that a broker does not collect sessions.
    private static readonly TimeSpan SessionExpiry = TimeSpan.FromMinutes(1);

    private readonly BrokerSettings _broker = config.Broker!;
    private MqttSession? _session;

    /// <inheritdoc/>
    public TimeSpan LongestReconnect => TimeSpan.FromSeconds(_broker.MaxReconnectSeconds);

    /// <inheritdoc/>
    /// <remarks>A batch of <see cref="TelemetryPump.BatchSamples"/> samples fits the packets of every broker that carries our chunks.</remarks>
    public int MostBatchBytes => int.MaxValue;

    /// <inheritdoc/>
    public IMqttConnector ConnectorBy(TimeProvider time) => new LinkConnector(time);

    /// <inheritdoc/>
    public IMessageLink Over(MqttSession session) => _session = session;

    /// <inheritdoc/>
    public MqttConnectOptions NextConnection()
    {
        SslClientAuthenticationOptions? tls = _broker.Tls?.Load(); // each time, so that a renewed certificate counts
        counters.NextEpoch();
        return new MqttConnectOptions
        {
            Host = _broker.Host!,
            Port = _broker.Port,
            Tls = tls,
            WebSocketPath = _broker.WebSocketPath,
            ClientId = config.DeviceId.Value,
            UserName = _broker.Username ?? config.DeviceId.Value,
            Password = _broker.Password is { } password ? Encoding.UTF8.GetBytes(password) : null,
            KeepAlive = presences.KeepAlive,
            SessionExpiry = SessionExpiry,
            Will = new MqttWill(presences.Message(Presence.Offline), WillDelay),
        };
    }

    /// <inheritdoc/>
    public async ValueTask GreetAsync(IMqttConnection connection, CancellationToken cancellationToken) =>
        await connection.PublishAsync(presences.Message(Presence.Online), cancellationToken);

    /// <inheritdoc/>
    public ValueTask ListenAsync(Downlink downlink, ICommandDesk desk) =>
        _session!.SubscribeAsync(downlink.Filter, MqttQos.AtLeastOnce, downlink.OnMessageAsync, CancellationToken.None);

    /// <inheritdoc/>
    public Task RunAsync(CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing is held: the session belongs to who made it.
    }
}
