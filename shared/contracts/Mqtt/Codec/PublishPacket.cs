namespace InstantNet.Contracts.Mqtt.Codec;

/// <summary>PUBLISH, both ways.</summary>
/// <remarks>Source: OASIS MQTT 5.0 and 3.1.1, section 3.3, which differ in the property section alone.</remarks>
internal static class PublishPacket
{
    private const int RetainFlag = 1;
    private const int QosShift = 1;
    private const int QosMask = 3;
    private const int DuplicateFlag = 8;

    private static readonly ulong Allowed = PropertyReader.Set(
        PropertyId.PayloadFormat, PropertyId.MessageExpiry, PropertyId.ContentType, PropertyId.ResponseTopic, PropertyId.CorrelationData,
        PropertyId.SubscriptionIdentifier, PropertyId.TopicAlias, PropertyId.UserProperty);

    /// <summary>Sizes of a packet to write, worked out and checked once.</summary>
    /// <param name="TopicBytes">Bytes of the topic without its length.</param>
    /// <param name="PropertyBytes">Bytes of the properties without their section length, or <see cref="MessageProperties.NoSection"/>.</param>
    /// <param name="OtherBytes">Packet identifier and payload.</param>
    internal readonly record struct Layout(int TopicBytes, int PropertyBytes, int OtherBytes)
    {
        public int RemainingBytes => sizeof(ushort) + TopicBytes + VariableByteInteger.Size(PropertyBytes) + PropertyBytes + OtherBytes;

        public int TotalBytes => 1 + VariableByteInteger.Size(RemainingBytes) + RemainingBytes;

        /// <summary>The same packet with a topic alias, which takes the topic's place when the other side knows it.</summary>
        public Layout With(TopicAlias alias) => alias.Number == 0
            ? this
            : this with { TopicBytes = alias.IsKnown ? 0 : TopicBytes, PropertyBytes = PropertyBytes + TopicAlias.PropertyBytes };
    }

    /// <exception cref="ArgumentException">The topic or a property is not valid, or the packet is larger than MQTT allows.</exception>
    public static Layout Measure(in MqttPublish message, MqttProtocol protocol = MqttProtocol.V5)
    {
        if (message.Qos is not (MqttQos.AtMostOnce or MqttQos.AtLeastOnce))
            throw new ArgumentException($"QoS {(int)message.Qos} is not offered.", nameof(message));
        int topicBytes = message.Topic is { Length: > 0 } topic && !topic.AsSpan().ContainsAny('+', '#', '\0')
            ? Utf8Text.ByteCountOrNegative(topic)
            : -1;
        if (topicBytes is < 0 or > ushort.MaxValue)
            throw new ArgumentException(TopicFilter.TopicComplaint(message.Topic), nameof(message));
        int propertyBytes = MessageProperties.Measure(message.Properties, protocol);
        int idBytes = message.Qos == MqttQos.AtMostOnce ? 0 : sizeof(ushort);
        long remaining = sizeof(ushort) + (long)topicBytes + idBytes + VariableByteInteger.Size(propertyBytes) + propertyBytes + message.Payload.Length;
        if (remaining > VariableByteInteger.Max - TopicAlias.MostBytes)
            throw new ArgumentException($"A message of {remaining} bytes is larger than MQTT allows.", nameof(message));
        return new Layout(topicBytes, propertyBytes, idBytes + message.Payload.Length);
    }

    /// <param name="room">At least the total of the layout.</param>
    /// <param name="message">As measured.</param>
    /// <param name="layout">What <see cref="Measure"/> returned, with the alias.</param>
    /// <param name="alias">Stands for the topic or introduces it; default for none.</param>
    /// <param name="packetId">1..65535 for QoS 1, ignored for QoS 0.</param>
    /// <param name="duplicate">The other side may have had it under this identifier before.</param>
    public static void Write(Span<byte> room, in MqttPublish message, Layout layout, TopicAlias alias, int packetId, bool duplicate)
    {
        var writer = new PacketWriter(room);
        int flags = ((int)message.Qos << QosShift) | (message.Retain ? RetainFlag : 0) | (duplicate ? DuplicateFlag : 0);
        writer.Header(PacketType.Publish, flags, layout.RemainingBytes);
        writer.Text(alias.IsKnown ? "" : message.Topic);
        if (message.Qos != MqttQos.AtMostOnce)
            writer.UInt16(packetId);
        writer.SectionLength(layout.PropertyBytes);
        MessageProperties.Write(ref writer, message.Properties);
        if (alias.Number != 0)
        {
            writer.Byte((int)PropertyId.TopicAlias);
            writer.UInt16(alias.Number);
        }
        writer.Raw(message.Payload.Span);
    }

    /// <summary>Reads a received message; payload and correlation data are slices of the body.</summary>
    /// <param name="flags">Lower four bits of the first byte.</param>
    /// <param name="body">All bytes after the remaining length.</param>
    /// <param name="topics">Turns topic bytes and aliases into text; one for the whole connection.</param>
    /// <param name="packetId">To acknowledge with; 0 for QoS 0.</param>
    /// <param name="protocol">Whether there is a property section.</param>
    /// <exception cref="MalformedPacketException">Not a valid PUBLISH for a client that allows no QoS 2.</exception>
    public static MqttMessage Read(
        int flags, ReadOnlyMemory<byte> body, TopicCache topics, out int packetId, MqttProtocol protocol = MqttProtocol.V5)
    {
        int qos = (flags >> QosShift) & QosMask;
        bool duplicate = (flags & DuplicateFlag) != 0;
        if (qos > (int)MqttQos.AtLeastOnce)
            throw new MalformedPacketException(MqttReason.QosNotSupported, $"A message came with QoS {qos}, which was not asked for.");
        if (duplicate && qos == 0)
            throw new MalformedPacketException(MqttReason.MalformedPacket, "A QoS 0 message is marked as repeated.");

        var reader = new PacketReader(body.Span);
        ReadOnlySpan<byte> topicBytes = reader.Binary();
        string topic = topicBytes.IsEmpty ? "" : topics.Read(topicBytes);
        packetId = 0;
        if (qos > 0 && (packetId = reader.UInt16()) == 0)
            throw new MalformedPacketException(MqttReason.ProtocolError, "A QoS 1 message has the packet identifier zero.");
        int? alias = null;
        MqttProperties properties = protocol == MqttProtocol.V5 ? ReadProperties(ref reader, body, out alias) : MqttProperties.None;
        if (alias is { } number)
            topic = topics.Resolve(number, topic);
        if (topic.Length == 0)
            throw new MalformedPacketException(MqttReason.ProtocolError, "A message has neither a topic nor a topic alias.");
        return new MqttMessage(topic, body[reader.Position..], (MqttQos)qos, (flags & RetainFlag) != 0, duplicate, properties);
    }

    private static MqttProperties ReadProperties(ref PacketReader reader, ReadOnlyMemory<byte> body, out int? alias)
    {
        alias = null;
        MqttProperties properties = MqttProperties.None;
        List<MqttUserProperty>? own = null;
        var section = new PropertyReader(Allowed);
        while (section.Next(ref reader, out PropertyId id))
        {
            switch (id)
            {
                case PropertyId.MessageExpiry:
                    properties = properties with { MessageExpiry = TimeSpan.FromSeconds(reader.UInt32()) };
                    break;
                case PropertyId.ContentType:
                    properties = properties with { ContentType = Utf8Text.Read(reader.Text()) };
                    break;
                case PropertyId.ResponseTopic:
                    properties = properties with { ResponseTopic = TopicCache.ReadUncached(reader.Text()) };
                    break;
                case PropertyId.CorrelationData:
                    int length = reader.Binary().Length;
                    properties = properties with { CorrelationData = body.Slice(reader.Position - length, length) };
                    break;
                case PropertyId.TopicAlias:
                    alias = reader.UInt16();
                    break;
                case PropertyId.UserProperty:
                    (own ??= []).Add(new MqttUserProperty(Utf8Text.Read(reader.Text()), Utf8Text.Read(reader.Text())));
                    break;
                default:
                    PropertyReader.Skip(ref reader, id);
                    break;
            }
        }
        return own is null ? properties : properties with { UserProperties = own };
    }
}
