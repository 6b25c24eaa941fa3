namespace InstantNet.Contracts.Mqtt;

/// <summary>Optional properties of a message, sent or received.</summary>
/// <remarks>Source: OASIS MQTT 5.0, section 3.3.2.3. Subscription identifiers are tolerated and dropped.</remarks>
public sealed record MqttProperties
{
    /// <summary>No property at all.</summary>
    public static MqttProperties None { get; } = new();

    /// <summary>Topic on which the sender expects the answer to a request; null when it expects none.</summary>
    public string? ResponseTopic { get; init; }

    /// <summary>Bytes that the answer must repeat; empty when absent. On a received message valid until the handler completes.</summary>
    public ReadOnlyMemory<byte> CorrelationData { get; init; }

    /// <summary>After this long the broker no longer delivers the message; whole seconds, rounded up. Null: never expires.</summary>
    public TimeSpan? MessageExpiry { get; init; }

    /// <summary>MIME type of the payload; null when unsaid.</summary>
    public string? ContentType { get; init; }

    /// <summary>Names and values that mean something to the two ends only, in order; a name may occur more than once. Empty when there are none.</summary>
    public IReadOnlyList<MqttUserProperty> UserProperties { get; init; } = [];
}

/// <summary>A name and a value that the two ends of a message have agreed on.</summary>
/// <param name="Name">Any text without NUL, at most 65,535 bytes of UTF-8.</param>
/// <param name="Value">The same.</param>
public readonly record struct MqttUserProperty(string Name, string Value);
