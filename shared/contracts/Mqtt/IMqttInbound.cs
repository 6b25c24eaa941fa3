namespace InstantNet.Contracts.Mqtt;

/// <summary>Receives the messages of a connection.</summary>
public interface IMqttInbound
{
    /// <summary>Called for one message after the other: the next waits until the returned task completes.
    /// Completion acknowledges a QoS 1 message; a slow receiver thereby slows the broker down.</summary>
    /// <param name="message">Its payload is valid until the returned task completes.</param>
    /// <param name="cancellationToken">Cancelled when the connection has ended.</param>
    ValueTask OnMessageAsync(MqttMessage message, CancellationToken cancellationToken);
}
