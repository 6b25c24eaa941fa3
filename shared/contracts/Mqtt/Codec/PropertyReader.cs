namespace InstantNet.Contracts.Mqtt.Codec;

/// <summary>Walks the property section of a packet: each property must be allowed there and, save two, occur once.</summary>
/// <param name="allowed">Set of <see cref="PropertyId"/>, one bit each.</param>
internal ref struct PropertyReader(ulong allowed)
{
    private const ulong Repeatable = (1UL << (int)PropertyId.UserProperty) | (1UL << (int)PropertyId.SubscriptionIdentifier);
    private const int Ids = 64;

    private readonly ulong _allowed = allowed;
    private ulong _seen;
    private int _end = -1;

    /// <summary>The set with these members.</summary>
    public static ulong Set(params ReadOnlySpan<PropertyId> ids)
    {
        ulong set = 0;
        foreach (PropertyId id in ids)
            set |= 1UL << (int)id;
        return set;
    }

    /// <summary>Moves to the next property; the caller then reads or skips its value.</summary>
    public bool Next(ref PacketReader reader, out PropertyId id)
    {
        if (_end < 0)
        {
            int length = reader.Length();
            if (length > reader.Remaining)
                throw new MalformedPacketException(MqttReason.MalformedPacket, "A property section is longer than its packet.");
            _end = reader.Position + length;
        }
        id = default;
        if (reader.Position == _end)
            return false;
        if (reader.Position > _end)
            throw new MalformedPacketException(MqttReason.MalformedPacket, "A property reaches beyond its section.");

        int code = reader.Length();
        if (code >= Ids || (_allowed & (1UL << code)) == 0)
            throw new MalformedPacketException(MqttReason.ProtocolError, $"The property 0x{code:X2} is not allowed in this packet.");
        id = (PropertyId)code;
        ulong bit = 1UL << code;
        if ((_seen & bit & ~Repeatable) != 0)
            throw new MalformedPacketException(MqttReason.ProtocolError, $"The property {id} occurs twice.");
        _seen |= bit;
        return true;
    }

    /// <summary>Checks and drops the value of a property that nobody here needs.</summary>
    public static void Skip(ref PacketReader reader, PropertyId id)
    {
        switch (id)
        {
            case PropertyId.UserProperty:
                reader.Text();
                reader.Text();
                break;
            case PropertyId.CorrelationData or PropertyId.AuthenticationData:
                reader.Binary();
                break;
            case PropertyId.SubscriptionIdentifier:
                if (reader.Length() == 0)
                    throw new MalformedPacketException(MqttReason.ProtocolError, "A subscription identifier is zero.");
                break;
            case PropertyId.SessionExpiry or PropertyId.MessageExpiry or PropertyId.MaximumPacketSize or PropertyId.WillDelay:
                reader.UInt32();
                break;
            case PropertyId.ServerKeepAlive or PropertyId.ReceiveMaximum or PropertyId.TopicAliasMaximum or PropertyId.TopicAlias:
                reader.UInt16();
                break;
            case PropertyId.ContentType or PropertyId.ResponseTopic or PropertyId.AssignedClientId or PropertyId.AuthenticationMethod
                or PropertyId.ResponseInformation or PropertyId.ServerReference or PropertyId.ReasonString:
                reader.Text();
                break;
            default:
                reader.Flag();
                break;
        }
    }
}
