using System.Text;
using System.Text.Json.Nodes;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Mqtt;

namespace InstantNet.Agent.AzureIotHub;

/// <summary>Azure IoT Hub in the shape of a broker that speaks the product's topics, so that the rest of the agent does not know it: what goes up
/// becomes a message to the cloud or a change of the reported properties, and the desired properties come down as twin and job.</summary>
internal sealed class HubLink : IMessageLink
{
    /// <summary>Largest message to the cloud, bytes, its properties included.</summary>
    /// <remarks>Source: Microsoft, "IoT Hub quotas and throttling", 256 KB.</remarks>
    public const int MaxEventBytes = 256 * 1024;

    private readonly MqttSession _session;
    private readonly HubIdentity _identity;
    private readonly HubTwin _twin;
    private readonly TimeProvider _time;

    /// <param name="session">Connects with the hub, under <paramref name="identity"/>.</param>
    /// <param name="identity">Whose link it is.</param>
    /// <param name="twin">Takes reports.</param>
    /// <param name="time">Named where a wrong clock may be the cause.</param>
    public HubLink(MqttSession session, HubIdentity identity, HubTwin twin, TimeProvider time)
    {
        (_session, _identity, _twin, _time) = (session, identity, twin, time);
        session.StatusChanged += (_, status) =>
        {
            twin.OnLinkChanged(status);
            StatusChanged?.Invoke(this, Explained(status));
        };
    }

    /// <inheritdoc/>
    public event EventHandler<LinkStatus>? StatusChanged;

    /// <inheritdoc/>
    public LinkStatus Status => Explained(_session.Status);

    /// <summary>The message to the cloud that a message of the agent becomes.</summary>
    /// <param name="identity">Whose message.</param>
    /// <param name="message">To a topic of the agent; that it is to be retained means nothing to the hub.</param>
    /// <exception cref="ArgumentException">Not a topic of the agent.</exception>
    /// <exception cref="MqttException">Larger than the hub takes.</exception>
    public static MqttPublish Event(HubIdentity identity, in MqttPublish message)
    {
        string topic = HubTopics.Event(identity.DeviceId, KindOf(message.Topic));
        int bytes = Encoding.UTF8.GetByteCount(topic) + message.Payload.Length;
        return bytes <= MaxEventBytes
            ? new MqttPublish(topic, message.Payload, MqttQos.AtLeastOnce)
            : throw new MqttException(
                MqttFailure.TooLarge, MqttReason.PacketTooLarge,
                $"A message of {bytes} bytes to '{message.Topic}' was not sent: Azure IoT Hub takes {MaxEventBytes}.", cause: null);
    }

    /// <inheritdoc/>
    public async ValueTask<MqttReason> PublishAsync(MqttPublish message, CancellationToken cancellationToken)
    {
        if (KindOf(message.Topic) != UpKind.ReportedTwin)
            return await _session.PublishAsync(Event(_identity, message), cancellationToken);
        await _twin.ReportAsync(message.Payload, cancellationToken);
        return MqttReason.Success;
    }

    /// <inheritdoc/>
    /// <remarks>The desired properties are subscribed to already. They cannot be left, and nothing else can be subscribed to.</remarks>
    public ValueTask SubscribeAsync(string filter, MqttQos maximumQos, MessageHandler handler, CancellationToken cancellationToken) =>
        throw new MqttException(
            MqttFailure.Rejected, MqttReason.TopicFilterInvalid, $"Azure IoT Hub has no messages like '{filter}'; blobs come from a job's blobUrl.", cause: null);

    /// <inheritdoc/>
    public ValueTask UnsubscribeAsync(string filter, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    private static UpKind KindOf(string topic) => Topics.TryReadUp(topic, out _, out _, out UpKind kind)
        ? kind
        : throw new ArgumentException($"Azure IoT Hub has no place for a message to '{topic}'.", nameof(topic));

    private LinkStatus Explained(LinkStatus status) => status switch
    {
        { Failure: MqttFailure.Refused, Reason: MqttReason.NotAuthorized or MqttReason.BadUserNameOrPassword } => status with
        {
            Sentence = $"{status.Sentence} Either the hub does not have this key or certificate for '{_identity.DeviceId}', "
                + $"or the clock of this device is wrong: {Clock()}.",
        },
        { Failure: MqttFailure.TlsFailed } when status.Sentence.Contains("NotTimeValid", StringComparison.Ordinal) => status with
        {
            Sentence = $"{status.Sentence.TrimEnd('.')}: a certificate is not valid at the time of this device, {Clock()}.",
        },
        _ => status,
    };

    private string Clock() => $"{_time.GetUtcNow():yyyy-MM-dd HH:mm:ss} UTC";
}
