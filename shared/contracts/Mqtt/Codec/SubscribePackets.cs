namespace InstantNet.Contracts.Mqtt.Codec;

/// <summary>SUBSCRIBE and UNSUBSCRIBE, as a client writes them.</summary>
/// <remarks>Source: OASIS MQTT 5.0 and 3.1.1, sections 3.8 and 3.10, which differ in the property section alone.</remarks>
internal static class SubscribePackets
{
    private const int RequiredFlags = 2;

    /// <exception cref="ArgumentException">A filter is not valid, there is none, or together they are larger than MQTT allows.</exception>
    public static byte[] WriteSubscribe(IReadOnlyList<MqttFilter> filters, int packetId, MqttProtocol protocol = MqttProtocol.V5)
    {
        ArgumentNullException.ThrowIfNull(filters);
        long remaining = BytesBeforeFilters(protocol);
        foreach (MqttFilter filter in filters)
            remaining += FilterBytes(filter.Filter) + 1;
        byte[] packet = Allocate(PacketType.Subscribe, remaining, filters.Count, packetId, protocol, out PacketWriter writer);
        foreach (MqttFilter filter in filters)
        {
            writer.Text(filter.Filter);
            writer.Byte((int)filter.MaximumQos);
        }
        return packet;
    }

    /// <exception cref="ArgumentException">A filter is not valid, there is none, or together they are larger than MQTT allows.</exception>
    public static byte[] WriteUnsubscribe(IReadOnlyList<string> filters, int packetId, MqttProtocol protocol = MqttProtocol.V5)
    {
        ArgumentNullException.ThrowIfNull(filters);
        long remaining = BytesBeforeFilters(protocol);
        foreach (string filter in filters)
            remaining += FilterBytes(filter);
        byte[] packet = Allocate(PacketType.Unsubscribe, remaining, filters.Count, packetId, protocol, out PacketWriter writer);
        foreach (string filter in filters)
            writer.Text(filter);
        return packet;
    }

    private static int PropertyBytes(MqttProtocol protocol) => protocol == MqttProtocol.V5 ? 0 : MessageProperties.NoSection;

    private static int BytesBeforeFilters(MqttProtocol protocol) => sizeof(ushort) + (protocol == MqttProtocol.V5 ? 1 : 0);

    private static int FilterBytes(string filter) => TopicFilter.Complaint(filter) is { } complaint
        ? throw new ArgumentException(complaint, nameof(filter))
        : sizeof(ushort) + Utf8Text.ByteCountOrNegative(filter);

    private static byte[] Allocate(PacketType type, long remaining, int filters, int packetId, MqttProtocol protocol, out PacketWriter writer)
    {
        if (filters == 0 || remaining > VariableByteInteger.Max)
            throw new ArgumentException(filters == 0 ? "There is no filter." : "The filters are larger than one packet may be.", nameof(filters));
        byte[] packet = new byte[1 + VariableByteInteger.Size((int)remaining) + remaining];
        writer = new PacketWriter(packet);
        writer.Header(type, RequiredFlags, (int)remaining);
        writer.UInt16(packetId);
        writer.SectionLength(PropertyBytes(protocol));
        return packet;
    }
}
