namespace InstantNet.Contracts.Mqtt;

/// <summary>How a session connects and what it tells its owner.</summary>
public sealed record MqttSessionOptions
{
    /// <summary>Makes the options of each attempt, so that a will can carry what changes between attempts (the epoch). Called once an attempt.</summary>
    public required Func<MqttConnectOptions> ConnectOptions { get; init; }

    /// <summary>Runs after each connect before anything else is published or subscribed, e.g. to publish the birth message; only messages that the
    /// last connection left unacknowledged are sent again before it.
    /// When it throws, the connection is given up and tried again later. Null for nothing.</summary>
    public Func<IMqttConnection, CancellationToken, ValueTask>? OnConnected { get; init; }

    /// <summary>Told of each exception that a message handler, a status handler or <see cref="OnConnected"/> threw, and of subscriptions
    /// refused during a reconnect. Must not throw. Null drops them.</summary>
    public Action<string, Exception>? OnError { get; init; }

    /// <summary>Waiting time between attempts.</summary>
    public required ReconnectBackoff Backoff { get; init; }

    /// <summary>A connection that lasted this long starts the backoff over. Default 10 s.</summary>
    public TimeSpan StableAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>QoS 1 publishes that may wait for a connection at the same time; a further one fails at once. Default 1,000.</summary>
    public int MaxWaitingPublishes { get; init; } = 1000;

    /// <summary>Connections on which one QoS 1 message may be lost before its publish fails, so that a message which makes the broker hang up
    /// cannot do so for ever. Default 5; at least 1.</summary>
    public int MaxSends { get; init; } = 5;
}
