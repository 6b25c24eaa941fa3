namespace InstantNet.Contracts.Mqtt.Codec;

/// <summary>Which reason codes a packet from a server may carry.</summary>
/// <remarks>Source: OASIS MQTT 5.0, section 2.4 and the tables of 3.2.2.2, 3.4.2.1, 3.9.3, 3.11.3 and 3.14.2.1. The codes of success are
/// held to each packet's own table. Of the failures any defined one is taken in any packet, because brokers stray there: mosquitto 2.0.11
/// answers a message over its size limit with a PUBACK of 0x95.</remarks>
internal static class ReasonCodes
{
    /// <exception cref="MalformedPacketException">Not a code that this packet may carry.</exception>
    public static MqttReason Read(int code, PacketType packet)
    {
        var reason = (MqttReason)code;
        if (reason.IsFailure() ? Enum.IsDefined(reason) : IsSuccessOf(packet, reason))
            return reason;
        throw new MalformedPacketException(MqttReason.ProtocolError, $"A {packet} has the reason 0x{code:X2}, which it may not carry.");
    }

    // A subscription is never granted at QoS 2, which is never asked for.
    private static bool IsSuccessOf(PacketType packet, MqttReason reason) => packet switch
    {
        PacketType.PubAck => reason is MqttReason.Success or MqttReason.NoMatchingSubscribers,
        PacketType.SubAck => reason is MqttReason.Success or MqttReason.GrantedQos1,
        PacketType.UnsubAck => reason is MqttReason.Success or MqttReason.NoSubscriptionExisted,
        _ => reason is MqttReason.Success,
    };
}
