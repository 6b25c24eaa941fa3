namespace InstantNet.Contracts.Mqtt;

/// <summary>What kind of thing went wrong, for decisions; the exception's message says it for people.</summary>
public enum MqttFailure
{
    /// <summary>Nothing: this side closed the connection on purpose.</summary>
    None,
    /// <summary>Host not found, nothing listens, or no route.</summary>
    Unreachable,
    /// <summary>TLS could not be agreed, or a certificate is not trusted.</summary>
    TlsFailed,
    /// <summary>Something answers, but not with the MQTT that was asked for.</summary>
    NotABroker,
    /// <summary>The broker refused the connection; the reason says why.</summary>
    Refused,
    /// <summary>No answer in time.</summary>
    TimedOut,
    /// <summary>The connection ended without the broker saying why.</summary>
    ConnectionLost,
    /// <summary>The broker closed the connection and said why.</summary>
    ClosedByBroker,
    /// <summary>The broker sent something that the protocol forbids.</summary>
    ProtocolViolation,
    /// <summary>The broker refused this message or this subscription; the connection stays.</summary>
    Rejected,
    /// <summary>The message is larger than the broker announced to take; it was not sent.</summary>
    TooLarge,
    /// <summary>There is no connection, and this operation does not wait for one.</summary>
    NotConnected,
    /// <summary>As many publishes as allowed already wait, for a connection or for the broker to take more.</summary>
    TooManyWaiting,
    /// <summary>Sent on as many connections as allowed, each of which ended before the broker acknowledged the message.</summary>
    Unacknowledged,
    /// <summary>The broker took the message, but nobody subscribes to its topic.</summary>
    NotHeard,
    /// <summary>The receiver of inbound messages threw; the connection was closed.</summary>
    ReceiverFailed,
}
