namespace InstantNet.Contracts.Mqtt.Codec;

/// <summary>PUBACK both ways, SUBACK and UNSUBACK as a client reads them.</summary>
/// <remarks>Source: OASIS MQTT 5.0, sections 3.4, 3.9 and 3.11.</remarks>
internal static class AckPackets
{
    /// <summary>Size of a PUBACK that says success.</summary>
    public const int PubAckBytes = 4;

    private static readonly ulong Allowed = PropertyReader.Set(PropertyId.ReasonString, PropertyId.UserProperty);

    public static void WritePubAck(Span<byte> room, int packetId)
    {
        var writer = new PacketWriter(room);
        writer.Header(PacketType.PubAck, flags: 0, remainingLength: sizeof(ushort));
        writer.UInt16(packetId);
    }

    /// <returns>The packet identifier.</returns>
    /// <exception cref="MalformedPacketException">Not a valid PUBACK.</exception>
    public static int ReadPubAck(ReadOnlySpan<byte> body, out MqttReason reason, out string? reasonText)
    {
        var reader = new PacketReader(body);
        int packetId = PacketId(ref reader, PacketType.PubAck);
        reason = MqttReason.Success;
        reasonText = null;
        if (reader.Remaining == 0)
            return packetId;
        reason = ReasonCodes.Read(reader.Byte(), PacketType.PubAck);
        if (reader.Remaining > 0)
            reasonText = ReadReasonText(ref reader);
        reader.End();
        return packetId;
    }

    /// <summary>SUBACK or UNSUBACK: one reason for each filter.</summary>
    /// <param name="type">Which of both.</param>
    /// <param name="body">All bytes after the remaining length.</param>
    /// <param name="reasons">As many as the packet has bytes left, so never more than the announced packet size.</param>
    /// <returns>The packet identifier.</returns>
    /// <exception cref="MalformedPacketException">Not valid.</exception>
    public static int ReadSubscriptionAck(PacketType type, ReadOnlySpan<byte> body, out MqttReason[] reasons)
    {
        var reader = new PacketReader(body);
        int packetId = PacketId(ref reader, type);
        ReadReasonText(ref reader);
        if (reader.Remaining == 0)
            throw new MalformedPacketException(MqttReason.ProtocolError, "A subscription is acknowledged without a reason.");
        reasons = new MqttReason[reader.Remaining];
        for (int i = 0; i < reasons.Length; i++)
            reasons[i] = ReasonCodes.Read(reader.Byte(), type);
        return packetId;
    }

    // Source: OASIS MQTT 5.0, section 2.2.1: a packet identifier is not zero.
    internal static int PacketId(ref PacketReader reader, PacketType type) => reader.UInt16() is var id and not 0
        ? id
        : throw new MalformedPacketException(MqttReason.ProtocolError, $"A {type} has the packet identifier zero.");

    private static string? ReadReasonText(ref PacketReader reader)
    {
        string? text = null;
        var section = new PropertyReader(Allowed);
        while (section.Next(ref reader, out PropertyId id))
        {
            if (id == PropertyId.ReasonString)
                text = Utf8Text.Read(reader.Text());
            else
                PropertyReader.Skip(ref reader, id);
        }
        return text;
    }
}
