namespace InstantNet.Contracts.Mqtt.Codec;

/// <summary>The properties that a PUBLISH and a will share, as written.</summary>
internal static class MessageProperties
{
    /// <summary>Size of the section in MQTT 3.1.1, which has none: with the length before it, it takes no bytes
    /// (<see cref="VariableByteInteger.Size"/> of it is one).</summary>
    public const int NoSection = -1;

    private const int IdBytes = 1;
    private const int LengthBytes = sizeof(ushort);

    /// <summary>Bytes of the properties without their section length.</summary>
    /// <exception cref="ArgumentException">A property is not valid, or there is one where the protocol has none.</exception>
    public static int Measure(MqttProperties? properties, MqttProtocol protocol)
    {
        if (protocol == MqttProtocol.V311)
            return Inexpressible(properties) is { } what ? throw new ArgumentException($"MQTT 3.1.1 has no {what}.", nameof(properties)) : NoSection;
        if (properties is null || ReferenceEquals(properties, MqttProperties.None))
            return 0;
        int size = 0;
        if (properties.MessageExpiry is { } expiry)
        {
            Seconds(expiry);
            size += IdBytes + sizeof(uint);
        }
        if (properties.ContentType is { } contentType)
            size += IdBytes + LengthBytes + Utf8Text.CheckedByteCount(contentType, "A content type");
        if (properties.ResponseTopic is { } responseTopic)
        {
            if (TopicFilter.TopicComplaint(responseTopic) is { } complaint)
                throw new ArgumentException("Response topic: " + complaint, nameof(properties));
            size += IdBytes + LengthBytes + Utf8Text.CheckedByteCount(responseTopic, "A response topic");
        }
        if (properties.CorrelationData.Length > ushort.MaxValue)
            throw new ArgumentException($"Correlation data is longer than {ushort.MaxValue} bytes.", nameof(properties));
        if (!properties.CorrelationData.IsEmpty)
            size += IdBytes + LengthBytes + properties.CorrelationData.Length;
        foreach (MqttUserProperty property in properties.UserProperties)
        {
            size += IdBytes + LengthBytes + Utf8Text.CheckedByteCount(property.Name, "The name of a user property")
                + LengthBytes + Utf8Text.CheckedByteCount(property.Value, "The value of a user property");
        }
        return size;
    }

    /// <summary>Writes what <see cref="Measure"/> has measured.</summary>
    public static void Write(ref PacketWriter writer, MqttProperties? properties)
    {
        if (properties is null)
            return;
        if (properties.MessageExpiry is { } expiry)
        {
            writer.Byte((int)PropertyId.MessageExpiry);
            writer.UInt32(Seconds(expiry));
        }
        if (properties.ContentType is { } contentType)
        {
            writer.Byte((int)PropertyId.ContentType);
            writer.Text(contentType);
        }
        if (properties.ResponseTopic is { } responseTopic)
        {
            writer.Byte((int)PropertyId.ResponseTopic);
            writer.Text(responseTopic);
        }
        if (!properties.CorrelationData.IsEmpty)
        {
            writer.Byte((int)PropertyId.CorrelationData);
            writer.Binary(properties.CorrelationData.Span);
        }
        foreach (MqttUserProperty property in properties.UserProperties)
        {
            writer.Byte((int)PropertyId.UserProperty);
            writer.Text(property.Name);
            writer.Text(property.Value);
        }
    }

    /// <summary>The first property that MQTT 3.1.1 cannot carry; null when there is none.</summary>
    private static string? Inexpressible(MqttProperties? properties) => properties switch
    {
        null => null,
        { MessageExpiry: not null } => "message expiry",
        { ResponseTopic: not null } => "response topic",
        { CorrelationData.IsEmpty: false } => "correlation data",
        { ContentType: not null } => "content type",
        { UserProperties.Count: > 0 } => "user properties",
        _ => null,
    };

    /// <summary>Whole seconds, rounded up; what the four bytes cannot hold becomes the longest they can.</summary>
    /// <exception cref="ArgumentException">Negative.</exception>
    public static uint Seconds(TimeSpan time)
    {
        if (time < TimeSpan.Zero)
            throw new ArgumentException($"A time of {time} is negative.", nameof(time));
        double seconds = Math.Ceiling(time.TotalSeconds);
        return seconds >= uint.MaxValue ? uint.MaxValue : (uint)seconds;
    }
}
