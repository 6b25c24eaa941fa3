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
/// <param name="config">Who the device is.</param>
/// <param name="counters">Hold the epoch.</param>
/// <param name="server">What serves.</param>
/// <param name="capabilities">What the agent can do at this moment.</param>
/// <param name="time">Clock.</param>
internal sealed class Presences(AgentConfig config, DeviceCounters counters, IModelServer server, Func<IReadOnlyList<string>> capabilities, TimeProvider time)
{
    private readonly Topics _topics = new(config.TenantId);

    /// <summary>Longest silence on a connection: a budget of bytes spaces keep-alives.</summary>
    public TimeSpan KeepAlive { get; } = config.Telemetry.Budget is { } budget
        ? new TelemetryDuty(budget.BytesPerMonth).KeepAlive
        : MqttConnectOptions.DefaultKeepAlive;

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
