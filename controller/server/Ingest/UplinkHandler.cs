using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Mqtt;
using InstantNet.Controller.Fleet;

namespace InstantNet.Controller.Ingest;

/// <summary>Takes each message of the fleet to its slice. It returns when what the message says is on disk, which is when the broker
/// is told "received". Thread safe.</summary>
internal sealed class UplinkHandler(Topics topics, DeviceRegistry registry, TelemetryIngest telemetry, StatusIngest status, MalformedMessages malformed)
{
    private long _messages;

    /// <summary>Messages so far, good and bad.</summary>
    public long Messages => Interlocked.Read(ref _messages);

    public async ValueTask HandleAsync(MqttMessage message, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _messages);
        if (!Topics.TryReadUp(message.Topic, out WireId? tenant, out WireId? id, out UpKind kind) || tenant != topics.Tenant)
        {
            malformed.Add(message.Topic, null, "The topic is not one of this tenant's devices.");
            return;
        }

        if (!registry.TryGet(id, out LiveDevice? device))
        {
            malformed.Add(id.Value, kind, "The device is not enrolled.");
            return;
        }

        string? fault = kind switch
        {
            UpKind.Telemetry => await telemetry.TakeAsync(device, message.Payload, cancellationToken),
            _ => await status.TakeAsync(device, kind, message.Payload, cancellationToken),
        };
        if (fault is not null)
            malformed.Add(id.Value, kind, fault);
    }
}
