namespace InstantNet.Contracts.Mqtt;

/// <summary>One open connection. All members may be used from any thread. Disposing closes it without DISCONNECT, so the will goes out.</summary>
public interface IMqttConnection : IAsyncDisposable
{
    /// <summary>What the broker announced.</summary>
    MqttConnAck ConnAck { get; }

    /// <summary>Completes when the connection has ended; never faults.</summary>
    Task<MqttClosed> Closed { get; }

    /// <summary>QoS 0 messages dropped because the receiver was too slow.</summary>
    long DroppedMessages { get; }

    /// <summary>Sends a message. QoS 0: completes when it is in the bounded write buffer. QoS 1: completes when the broker acknowledged it.
    /// Waits for room when the broker's in-flight limit or the write buffer is used up; messages leave in the order of the calls.</summary>
    /// <param name="message">Its payload must not change until the task completes.</param>
    /// <param name="cancellationToken">Stops waiting; a message already on its way is not recalled.</param>
    /// <returns><see cref="MqttReason.Success"/> or <see cref="MqttReason.NoMatchingSubscribers"/>.</returns>
    /// <exception cref="MqttException">Refused by the broker, larger than the broker takes, too many publishes already wait for room, or the
    /// connection ended first.</exception>
    /// <exception cref="ArgumentException">The topic or a property is not valid.</exception>
    ValueTask<MqttReason> PublishAsync(MqttPublish message, CancellationToken cancellationToken);

    /// <summary>As <see cref="PublishAsync"/>, but a QoS 1 message that was sent when the connection ends goes on with the next connection that is
    /// opened with the same <see cref="MqttConnectOptions.InFlight"/>, and its task with it. Without one, or where the library behind this
    /// connection cannot do that, it fails with the connection.</summary>
    /// <param name="message">Its payload must not change until the task completes.</param>
    /// <param name="cancellationToken">Stops waiting; a message already on its way is not recalled.</param>
    /// <exception cref="MqttException">As for <see cref="PublishAsync"/>, or sent on too many connections.</exception>
    /// <exception cref="ArgumentException">The topic or a property is not valid.</exception>
    ValueTask<MqttReason> PublishKeptAsync(MqttPublish message, CancellationToken cancellationToken);

    /// <summary>Subscribes to filters in one packet.</summary>
    /// <returns>One reason a filter, in order: the granted QoS, or a failure from 0x80.</returns>
    /// <exception cref="MqttException">The connection ended first, or the packet is larger than the broker takes.</exception>
    /// <exception cref="ArgumentException">A filter is not valid, or there is none.</exception>
    ValueTask<IReadOnlyList<MqttReason>> SubscribeAsync(IReadOnlyList<MqttFilter> filters, CancellationToken cancellationToken);

    /// <summary>Ends subscriptions in one packet.</summary>
    /// <returns>One reason a filter, in order.</returns>
    /// <exception cref="MqttException">The connection ended first, or the packet is larger than the broker takes.</exception>
    /// <exception cref="ArgumentException">A filter is not valid, or there is none.</exception>
    ValueTask<IReadOnlyList<MqttReason>> UnsubscribeAsync(IReadOnlyList<string> filters, CancellationToken cancellationToken);

    /// <summary>Sends what is buffered and DISCONNECT, then closes. Does nothing on a connection that has ended.</summary>
    /// <param name="reason"><see cref="MqttReason.Success"/> discards the will, <see cref="MqttReason.DisconnectWithWill"/> publishes it.</param>
    /// <param name="cancellationToken">Closes without waiting for the rest to be written.</param>
    ValueTask DisconnectAsync(MqttReason reason, CancellationToken cancellationToken);
}
