namespace InstantNet.Contracts.Mqtt;

/// <summary>What the broker announced when it accepted the connection.</summary>
public sealed record MqttConnAck
{
    /// <summary>Version that the connection speaks. With MQTT 3.1.1 the broker announces nothing but the session.</summary>
    public MqttProtocol Protocol { get; init; }

    /// <summary>True when the broker still had this client's subscriptions and queued messages.</summary>
    public bool SessionPresent { get; init; }

    /// <summary>Most QoS 1 messages the broker takes unacknowledged, 1..65535.</summary>
    public int ReceiveMaximum { get; init; } = ushort.MaxValue;

    /// <summary>Largest packet the broker takes, bytes; null: as large as the protocol allows.</summary>
    public long? MaxPacketBytes { get; init; }

    /// <summary>Highest QoS the broker offers.</summary>
    public MqttQos MaximumQos { get; init; } = MqttQos.AtLeastOnce;

    /// <summary>False when the broker refuses retained messages.</summary>
    public bool RetainAvailable { get; init; } = true;

    /// <summary>Topic aliases that the broker takes; zero: none.</summary>
    public int TopicAliasMaximum { get; init; }

    /// <summary>False when the broker refuses filters with wildcards.</summary>
    public bool WildcardSubscriptionsAvailable { get; init; } = true;

    /// <summary>False when the broker refuses <c>$share</c> filters.</summary>
    public bool SharedSubscriptionsAvailable { get; init; } = true;

    /// <summary>Where the broker sends this client to, in its own words; null when nowhere.</summary>
    public string? ServerReference { get; init; }

    /// <summary>Identifier that the broker chose; null when the client's own holds.</summary>
    public string? AssignedClientId { get; init; }

    /// <summary>Keep-alive that the broker imposes; null when the client's own holds.</summary>
    public TimeSpan? ServerKeepAlive { get; init; }

    /// <summary>Session expiry that the broker imposes; null when the client's own holds.</summary>
    public TimeSpan? SessionExpiry { get; init; }
}
