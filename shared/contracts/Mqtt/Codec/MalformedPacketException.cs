namespace InstantNet.Contracts.Mqtt.Codec;

/// <summary>The broker sent something that its MQTT version forbids; the connection must be closed with the reason.</summary>
internal sealed class MalformedPacketException(MqttReason reason, string sentence) : Exception(sentence)
{
    public MqttReason Reason { get; } = reason;
}
