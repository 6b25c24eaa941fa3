namespace InstantNet.Contracts.Mqtt.Codec;

/// <summary>What a server of MQTT 3.1.1 answers, in the reasons of MQTT 5, so that nothing behind the codec tells the versions apart.</summary>
/// <remarks>Source: OASIS MQTT 3.1.1, sections 3.2, 3.4, 3.9 and 3.11. Every method throws <see cref="MalformedPacketException"/> for bytes that
/// are not the packet.</remarks>
internal static class Mqtt311Answers
{
    private const int ConnAckBytes = 2;
    private const int RefusedSubscription = 0x80;

    /// <summary>CONNACK: two bytes and no more.</summary>
    public static MqttConnAck ReadConnAck(ReadOnlySpan<byte> body, out MqttReason reason)
    {
        if (body.Length > ConnAckBytes)
            throw new MalformedPacketException(MqttReason.UnsupportedProtocolVersion, "The server answered in the format of MQTT 5.");
        var reader = new PacketReader(body);
        bool sessionPresent = reader.Flag();
        reason = Reason(reader.Byte());
        if (sessionPresent && reason.IsFailure())
            throw new MalformedPacketException(MqttReason.ProtocolError, "A refused connection claims a session.");
        return new MqttConnAck { Protocol = MqttProtocol.V311, SessionPresent = sessionPresent };
    }

    /// <summary>PUBACK: the identifier alone, always a success.</summary>
    public static int ReadPubAck(ReadOnlySpan<byte> body)
    {
        var reader = new PacketReader(body);
        int packetId = AckPackets.PacketId(ref reader, PacketType.PubAck);
        reader.End();
        return packetId;
    }

    /// <summary>SUBACK with a reason for each filter, or UNSUBACK, which has none: it is always a success.</summary>
    public static int ReadSubscriptionAck(PacketType type, ReadOnlySpan<byte> body, out MqttReason[] reasons)
    {
        var reader = new PacketReader(body);
        int packetId = AckPackets.PacketId(ref reader, type);
        if (type == PacketType.UnsubAck)
        {
            reader.End();
            reasons = [];
            return packetId;
        }
        if (reader.Remaining == 0)
            throw new MalformedPacketException(MqttReason.ProtocolError, "A subscription is acknowledged without a reason.");
        reasons = new MqttReason[reader.Remaining];
        for (int i = 0; i < reasons.Length; i++)
        {
            // A subscription is never granted at QoS 2, which is never asked for.
            reasons[i] = reader.Byte() switch
            {
                0 => MqttReason.Success,
                1 => MqttReason.GrantedQos1,
                RefusedSubscription => MqttReason.UnspecifiedError,
                int other => throw new MalformedPacketException(MqttReason.ProtocolError, $"A {type} has the code 0x{other:X2}, which it may not carry."),
            };
        }
        return packetId;
    }

    private static MqttReason Reason(int code) => code switch
    {
        0 => MqttReason.Success,
        1 => MqttReason.UnsupportedProtocolVersion,
        2 => MqttReason.ClientIdentifierNotValid,
        3 => MqttReason.ServerUnavailable,
        4 => MqttReason.BadUserNameOrPassword,
        5 => MqttReason.NotAuthorized,
        _ => throw new MalformedPacketException(MqttReason.ProtocolError, $"A CONNACK has the return code {code}, which MQTT 3.1.1 does not define."),
    };
}
