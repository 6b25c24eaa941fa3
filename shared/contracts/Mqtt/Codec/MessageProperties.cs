namespace InstantNet.Contracts.Mqtt.Codec;

/// <summary>The properties that a PUBLISH and a will share, as written.</summary>
internal static class MessageProperties
{
    private const int IdBytes = 1;
    private const int LengthBytes = sizeof(ushort);

    /// <summary>Bytes of the properties without their section length.</summary>
    /// <exception cref="ArgumentException">A property is not valid.</exception>
    public static int Measure(MqttProperties? properties)
    {
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
