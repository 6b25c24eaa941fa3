namespace InstantNet.Contracts.Mqtt.Codec;

/// <summary>DISCONNECT both ways, and PINGREQ.</summary>
/// <remarks>Source: OASIS MQTT 5.0, sections 3.12 and 3.14. A server may not name a session expiry (3.14.2.2.2).</remarks>
internal static class DisconnectPacket
{
    private static readonly ulong Allowed = PropertyReader.Set(
        PropertyId.ReasonString, PropertyId.UserProperty, PropertyId.ServerReference);

    /// <summary>The whole PINGREQ packet.</summary>
    public static ReadOnlySpan<byte> PingRequest => [(int)PacketType.PingReq << 4, 0];

    /// <summary>The whole DISCONNECT packet; empty where MQTT 3.1.1 cannot say the reason: there the connection just ends, which also sets off the will.</summary>
    public static byte[] Write(MqttReason reason, MqttProtocol protocol = MqttProtocol.V5) => reason switch
    {
        MqttReason.Success => [(int)PacketType.Disconnect << 4, 0],
        _ when protocol == MqttProtocol.V311 => [],
        _ => [(int)PacketType.Disconnect << 4, 1, (byte)reason],
    };

    /// <exception cref="MalformedPacketException">Not a valid DISCONNECT.</exception>
    public static MqttReason Read(ReadOnlySpan<byte> body, out string? reasonText, out string? serverReference)
    {
        var reader = new PacketReader(body);
        reasonText = serverReference = null;
        if (reader.Remaining == 0)
            return MqttReason.Success;
        MqttReason reason = ReasonCodes.Read(reader.Byte(), PacketType.Disconnect);
        if (reader.Remaining == 0)
            return reason;
        var section = new PropertyReader(Allowed);
        while (section.Next(ref reader, out PropertyId id))
        {
            if (id == PropertyId.ReasonString)
                reasonText = Utf8Text.Read(reader.Text());
            else if (id == PropertyId.ServerReference)
                serverReference = Utf8Text.Read(reader.Text());
            else
                PropertyReader.Skip(ref reader, id);
        }
        reader.End();
        return reason;
    }
}
