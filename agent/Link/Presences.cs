using System.Net.Security;
using System.Text;
using System.Text.Json;
using InstantNet.Agent.Activation;
using InstantNet.Agent.Configuration;
using InstantNet.Agent.Durable;
using InstantNet.Agent.Inference;
using InstantNet.Agent.Telemetry;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Mqtt;

namespace InstantNet.Agent.Link;

/// <summary>How this device says that it is there: birth message, will and goodbye, all with the epoch of one connection.</summary>
/// <param name="config">Who the device is and where its broker.</param>
/// <param name="counters">Hold the epoch.</param>
/// <param name="server">What serves.</param>
/// <param name="capabilities">What the agent can do at this moment.</param>
/// <param name="time">Clock.</param>
internal sealed class Presences(AgentConfig config, DeviceCounters counters, IModelServer server, Func<IReadOnlyList<string>> capabilities, TimeProvider time)
{
    /// <summary>How long the broker waits for a device to come back before it tells that it is gone.</summary>
    public static readonly TimeSpan WillDelay = TimeSpan.FromSeconds(15);

    // Longer than the will delay, which it would cut short; short enough that a broker does not collect sessions.
    private static readonly TimeSpan SessionExpiry = TimeSpan.FromMinutes(1);

    private readonly TimeSpan _keepAlive = config.Telemetry.Budget is { } budget
        ? new TelemetryDuty(budget.BytesPerMonth).KeepAlive
        : MqttConnectOptions.DefaultKeepAlive;

    private readonly Topics _topics = new(config.TenantId);

    /// <summary>Options of the next connection attempt, which takes the next epoch.</summary>
    /// <exception cref="MqttTlsException">A certificate that could be read at the start can no longer be.</exception>
    public MqttConnectOptions NextConnection()
    {
        SslClientAuthenticationOptions? tls = config.Broker.Tls?.Load(); // each time, so that a renewed certificate counts
        counters.NextEpoch();
        return new MqttConnectOptions
        {
            Host = config.Broker.Host!,
            Port = config.Broker.Port,
            Tls = tls,
            WebSocketPath = config.Broker.WebSocketPath,
            ClientId = config.DeviceId.Value,
            UserName = config.Broker.Username ?? config.DeviceId.Value,
            Password = config.Broker.Password is { } password ? Encoding.UTF8.GetBytes(password) : null,
            KeepAlive = _keepAlive,
            SessionExpiry = SessionExpiry,
            Will = new MqttWill(Message(Presence.Offline), WillDelay),
        };
    }

    /// <summary>The state message of the present connection.</summary>
    public MqttPublish Message(Presence presence)
    {
        ServingReport? serving = server.Serving;
        DeviceState state = new(
            DeviceState.MessageVersion, presence, counters.Epoch, counters.Boot, time.GetUtcNow(), AgentVersion.Current.ToString(),
            config.DeviceClassId, serving?.Release, serving?.Precision.Bits, capabilities());
        return new MqttPublish(
            _topics.State(config.DeviceId), JsonSerializer.SerializeToUtf8Bytes(state, WireJson.Default.DeviceState), MqttQos.AtLeastOnce, Retain: true);
    }
}
