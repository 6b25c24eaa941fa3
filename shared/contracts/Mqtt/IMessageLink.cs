namespace InstantNet.Contracts.Mqtt;

/// <summary>What the product knows of its message transport: a link that heals itself. All members may be used from any thread.</summary>
public interface IMessageLink
{
    /// <summary>The link's present state.</summary>
    LinkStatus Status { get; }

    /// <summary>Raised after each change of <see cref="Status"/>, one after the other. A handler must return quickly.</summary>
    event EventHandler<LinkStatus>? StatusChanged;

    /// <summary>Sends a message. QoS 1: completes when the broker acknowledged it; without a connection waits for one, and sends again when
    /// the connection ends before the acknowledgement, so the message may arrive twice. QoS 0: fails when there is no connection.</summary>
    /// <param name="message">Its payload must not change until the task completes.</param>
    /// <param name="cancellationToken">Stops waiting; a message already on its way is not recalled.</param>
    /// <returns><see cref="MqttReason.Success"/> or <see cref="MqttReason.NoMatchingSubscribers"/>.</returns>
    /// <exception cref="MqttException">Refused by the broker, too large for it, too many publishes already waiting, or the link was stopped.</exception>
    /// <exception cref="ArgumentException">The topic or a property is not valid.</exception>
    /// <remarks>Messages of one caller that awaits each keep their order; publishes in flight together may swap when the connection breaks.</remarks>
    ValueTask<MqttReason> PublishAsync(MqttPublish message, CancellationToken cancellationToken);

    /// <summary>Routes messages that match a filter to a handler, and keeps the subscription across reconnects. With a connection it completes
    /// when the broker has granted it; without one at once, and the subscription is made on the next connect.</summary>
    /// <param name="filter">Topic filter, also <c>$share/group/filter</c>. Filters should not overlap: brokers may then deliver a message twice.</param>
    /// <param name="maximumQos">Messages published at a higher QoS are delivered at this one.</param>
    /// <param name="handler">Called for one message after the other over all filters of the link. May publish and subscribe.
    /// What it throws is reported to the link's owner, and the message is acknowledged all the same.</param>
    /// <param name="cancellationToken">Stops waiting; the filter stays subscribed.</param>
    /// <exception cref="MqttException">The broker refused the filter; it is then not routed.</exception>
    /// <exception cref="ArgumentException">The filter is not valid.</exception>
    /// <exception cref="InvalidOperationException">The filter already has a handler.</exception>
    ValueTask SubscribeAsync(string filter, MqttQos maximumQos, MessageHandler handler, CancellationToken cancellationToken);

    /// <summary>Ends a subscription: the handler gets nothing more once this returns its task. Without a connection the broker is told on the next connect.
    /// Does nothing when there is no such subscription.</summary>
    ValueTask UnsubscribeAsync(string filter, CancellationToken cancellationToken);
}
