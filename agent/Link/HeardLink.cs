using InstantNet.Contracts.Mqtt;

namespace InstantNet.Agent.Link;

/// <summary>A link on which a message counts as sent only when somebody listens: what the broker took and had nobody to give to fails as
/// <see cref="MqttFailure.NotHeard"/>, and its owner, who keeps it on disk or says it again, sends it later.</summary>
/// <remarks>A broker that starts again lets devices in before the controller has subscribed, and mosquitto 2.0.11 forgets the controller's shared
/// subscriptions while it keeps its sessions. Each would be the end of acknowledged telemetry.</remarks>
/// <param name="link">Carries the messages.</param>
internal sealed class HeardLink(IMessageLink link) : IMessageLink
{
    /// <summary>How long to wait before a message that nobody heard is sent again, at least.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public event EventHandler<LinkStatus>? StatusChanged
    {
        add => link.StatusChanged += value;
        remove => link.StatusChanged -= value;
    }

    /// <inheritdoc/>
    public LinkStatus Status => link.Status;

    /// <inheritdoc/>
    /// <exception cref="MqttException">Also when the broker says that nobody subscribes to the topic; brokers need not say so.</exception>
    public async ValueTask<MqttReason> PublishAsync(MqttPublish message, CancellationToken cancellationToken)
    {
        MqttReason reason = await link.PublishAsync(message, cancellationToken);
        return reason != MqttReason.NoMatchingSubscribers
            ? reason
            : throw new MqttException(MqttFailure.NotHeard, reason, $"No controller listens to '{message.Topic}'.", cause: null);
    }

    /// <inheritdoc/>
    public ValueTask SubscribeAsync(string filter, MqttQos maximumQos, MessageHandler handler, CancellationToken cancellationToken) =>
        link.SubscribeAsync(filter, maximumQos, handler, cancellationToken);

    /// <inheritdoc/>
    public ValueTask UnsubscribeAsync(string filter, CancellationToken cancellationToken) => link.UnsubscribeAsync(filter, cancellationToken);
}
