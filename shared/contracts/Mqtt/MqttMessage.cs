namespace InstantNet.Contracts.Mqtt;

/// <summary>A received message.</summary>
/// <param name="Topic">Topic it was published to.</param>
/// <param name="Payload">The connection's own buffer: valid until the handler completes; copy what must live longer.</param>
/// <param name="Qos">Guarantee of this delivery.</param>
/// <param name="Retain">True when the broker delivers a stored message because of a new subscription.</param>
/// <param name="Duplicate">True when the broker says that it may have delivered this message before.</param>
/// <param name="Properties">Never null; <see cref="MqttProperties.None"/> when there are none.</param>
public readonly record struct MqttMessage(
    string Topic, ReadOnlyMemory<byte> Payload, MqttQos Qos, bool Retain, bool Duplicate, MqttProperties Properties);
