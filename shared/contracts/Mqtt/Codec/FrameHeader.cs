namespace InstantNet.Contracts.Mqtt.Codec;

/// <summary>The first two to five bytes of a packet.</summary>
/// <param name="Type">Packet type.</param>
/// <param name="Flags">Lower four bits of the first byte.</param>
/// <param name="HeaderBytes">Bytes before the body.</param>
/// <param name="BodyBytes">Bytes of the body.</param>
internal readonly record struct FrameHeader(PacketType Type, int Flags, int HeaderBytes, int BodyBytes)
{
    /// <summary>What is wrong with an AUTH packet: without an authentication method in the CONNECT a server may send none.</summary>
    /// <remarks>Source: OASIS MQTT 5.0, section 4.12, MQTT-4.12.0-6.</remarks>
    public const string EnhancedAuthentication = "it asks for enhanced authentication (AUTH), which this client does not offer";

    private const int PublishFlagsMask = 0xF;

    public int TotalBytes => HeaderBytes + BodyBytes;

    /// <summary>Reads the header when it is there in full. Bounds the size before anything is allocated for it.</summary>
    /// <param name="received">Bytes from the start of a packet.</param>
    /// <param name="maxPacketBytes">Largest packet that this side announced to take.</param>
    /// <param name="header">The header, when true.</param>
    /// <exception cref="MalformedPacketException">Not a packet that a server may send, or too large.</exception>
    public static bool TryRead(ReadOnlySpan<byte> received, int maxPacketBytes, out FrameHeader header)
    {
        header = default;
        if (received.IsEmpty)
            return false;
        var type = (PacketType)(received[0] >> 4);
        int flags = received[0] & PublishFlagsMask;
        if (type == PacketType.Auth)
            throw new MalformedPacketException(MqttReason.ProtocolError, EnhancedAuthentication);
        if (type is not (PacketType.ConnAck or PacketType.Publish or PacketType.PubAck or PacketType.SubAck or PacketType.UnsubAck
            or PacketType.PingResp or PacketType.Disconnect))
            throw new MalformedPacketException(MqttReason.ProtocolError, $"A packet of type {(int)type} was not expected.");
        if (type != PacketType.Publish && flags != 0)
            throw new MalformedPacketException(MqttReason.MalformedPacket, $"A packet of type {type} has the reserved flags {flags}.");

        int lengthBytes = VariableByteInteger.Read(received[1..], out int body);
        if (lengthBytes == 0)
            return false;
        header = new FrameHeader(type, flags, 1 + lengthBytes, body);
        if (header.TotalBytes > maxPacketBytes)
            throw new MalformedPacketException(
                MqttReason.PacketTooLarge, $"A packet of {header.TotalBytes} bytes is larger than the announced {maxPacketBytes}.");
        return true;
    }
}
