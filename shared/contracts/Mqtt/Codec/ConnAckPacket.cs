namespace InstantNet.Contracts.Mqtt.Codec;

/// <summary>CONNACK, as a client reads it.</summary>
/// <remarks>Source: OASIS MQTT 5.0, section 3.2. Properties of authentication are refused, as this client never asks for it (4.12).</remarks>
internal static class ConnAckPacket
{
    private const int Mqtt3BodyBytes = 2;
    private const int Mqtt3UnacceptableVersion = 1;

    private static readonly ulong Allowed = PropertyReader.Set(
        PropertyId.SessionExpiry, PropertyId.ReceiveMaximum, PropertyId.MaximumQos, PropertyId.RetainAvailable, PropertyId.MaximumPacketSize,
        PropertyId.AssignedClientId, PropertyId.TopicAliasMaximum, PropertyId.ReasonString, PropertyId.UserProperty,
        PropertyId.WildcardSubscriptionAvailable, PropertyId.SubscriptionIdentifierAvailable, PropertyId.SharedSubscriptionAvailable,
        PropertyId.ServerKeepAlive, PropertyId.ResponseInformation, PropertyId.ServerReference);

    /// <param name="body">All bytes after the remaining length.</param>
    /// <param name="reason">Accepted or why not.</param>
    /// <param name="reasonText">The server's own words; null when it gave none.</param>
    /// <exception cref="MalformedPacketException">Not a valid CONNACK.</exception>
    public static MqttConnAck Read(ReadOnlySpan<byte> body, out MqttReason reason, out string? reasonText)
    {
        var reader = new PacketReader(body);
        bool sessionPresent = reader.Flag();
        int code = reader.Byte();
        reason = (MqttReason)code;
        reasonText = null;
        if (body.Length == Mqtt3BodyBytes)
        {
            // No property section: an MQTT 3 server, which answers a version it does not know in its own format.
            if (code != Mqtt3UnacceptableVersion)
                throw new MalformedPacketException(MqttReason.UnsupportedProtocolVersion, "The server answered in the format of MQTT 3.");
            reason = MqttReason.UnsupportedProtocolVersion;
            return new MqttConnAck();
        }
        reason = ReasonCodes.Read(code, PacketType.ConnAck);
        if (sessionPresent && reason.IsFailure())
            throw new MalformedPacketException(MqttReason.ProtocolError, "A refused connection claims a session.");
        MqttConnAck answer = ReadProperties(ref reader, new MqttConnAck { SessionPresent = sessionPresent }, ref reasonText);
        reader.End();
        return answer;
    }

    private static MqttConnAck ReadProperties(ref PacketReader reader, MqttConnAck answer, ref string? reasonText)
    {
        var section = new PropertyReader(Allowed);
        while (section.Next(ref reader, out PropertyId id))
        {
            switch (id)
            {
                case PropertyId.SessionExpiry:
                    answer = answer with { SessionExpiry = TimeSpan.FromSeconds(reader.UInt32()) };
                    break;
                case PropertyId.ReceiveMaximum:
                    answer = answer with { ReceiveMaximum = NotZero(reader.UInt16(), id) };
                    break;
                case PropertyId.MaximumQos:
                    answer = answer with { MaximumQos = reader.Flag() ? MqttQos.AtLeastOnce : MqttQos.AtMostOnce };
                    break;
                case PropertyId.RetainAvailable:
                    answer = answer with { RetainAvailable = reader.Flag() };
                    break;
                case PropertyId.MaximumPacketSize:
                    answer = answer with { MaxPacketBytes = NotZero(reader.UInt32(), id) };
                    break;
                case PropertyId.AssignedClientId:
                    answer = answer with { AssignedClientId = Utf8Text.Read(reader.Text()) };
                    break;
                case PropertyId.ServerKeepAlive:
                    answer = answer with { ServerKeepAlive = TimeSpan.FromSeconds(reader.UInt16()) };
                    break;
                case PropertyId.TopicAliasMaximum:
                    answer = answer with { TopicAliasMaximum = reader.UInt16() };
                    break;
                case PropertyId.WildcardSubscriptionAvailable:
                    answer = answer with { WildcardSubscriptionsAvailable = reader.Flag() };
                    break;
                case PropertyId.SharedSubscriptionAvailable:
                    answer = answer with { SharedSubscriptionsAvailable = reader.Flag() };
                    break;
                case PropertyId.ServerReference:
                    answer = answer with { ServerReference = Utf8Text.Read(reader.Text()) };
                    break;
                case PropertyId.ReasonString:
                    reasonText = Utf8Text.Read(reader.Text());
                    break;
                default:
                    PropertyReader.Skip(ref reader, id);
                    break;
            }
        }
        return answer;
    }

    private static T NotZero<T>(T value, PropertyId id)
        where T : struct, System.Numerics.INumber<T> =>
        T.IsZero(value) ? throw new MalformedPacketException(MqttReason.ProtocolError, $"The property {id} is zero.") : value;
}
