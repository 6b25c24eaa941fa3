using InstantNet.Contracts.Mqtt.Codec;

namespace InstantNet.Contracts.Mqtt.Wire;

/// <summary>Refuses before sending what the broker has announced not to take.</summary>
internal static class BrokerLimits
{
    /// <returns>The packet's sizes.</returns>
    /// <exception cref="ArgumentException">The topic or a property is not valid.</exception>
    /// <exception cref="MqttException">The broker would not take it.</exception>
    public static PublishPacket.Layout Check(MqttConnAck broker, in MqttPublish message)
    {
        PublishPacket.Layout layout = PublishPacket.Measure(message, broker.Protocol);
        CheckSize(broker, layout.TotalBytes, message.Topic);
        if (message.Qos > broker.MaximumQos)
            throw new MqttException(MqttFailure.Rejected, MqttReason.QosNotSupported, "The broker does not offer QoS 1.", cause: null);
        if (message.Retain && !broker.RetainAvailable)
            throw new MqttException(MqttFailure.Rejected, MqttReason.RetainNotSupported, "The broker keeps no retained messages.", cause: null);
        return layout;
    }

    /// <exception cref="ArgumentException">A filter's QoS is not offered.</exception>
    /// <exception cref="MqttException">The broker would not take it.</exception>
    public static void Check(MqttConnAck broker, IReadOnlyList<MqttFilter> filters)
    {
        ArgumentNullException.ThrowIfNull(filters);
        foreach (MqttFilter filter in filters)
        {
            if (filter.MaximumQos is not (MqttQos.AtMostOnce or MqttQos.AtLeastOnce))
                throw new ArgumentException($"QoS {(int)filter.MaximumQos} is not offered.", nameof(filters));
            if (TopicFilter.Unavailable(filter.Filter, broker) is { } refusal)
                throw new MqttException(MqttFailure.Rejected, refusal, $"The broker takes no filter like '{filter.Filter}': {refusal.Describe()}.", cause: null);
        }
    }

    /// <exception cref="MqttException">Larger than the broker takes.</exception>
    public static void CheckSize(MqttConnAck broker, int bytes, string what)
    {
        if (bytes > broker.MaxPacketBytes)
            throw new MqttException(
                MqttFailure.TooLarge, MqttReason.PacketTooLarge,
                $"A packet of {bytes} bytes for '{what}' was not sent: the broker takes at most {broker.MaxPacketBytes}.", cause: null);
    }

    /// <summary>What a refused message fails with, as a sentence.</summary>
    public static string Refusal(string topic, MqttReason reason, string? reasonText) =>
        $"The broker refused the message to '{topic}': {reason.Describe()}{(reasonText is null ? "" : ", " + reasonText)}.";
}
