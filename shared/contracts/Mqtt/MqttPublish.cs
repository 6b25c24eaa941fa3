namespace InstantNet.Contracts.Mqtt;

/// <summary>A message to send.</summary>
/// <param name="Topic">Not empty, no wildcards, at most 65,535 bytes of UTF-8.</param>
/// <param name="Payload">Any bytes. Must not change until the task of the publish completes.</param>
/// <param name="Qos">Delivery guarantee.</param>
/// <param name="Retain">The broker keeps the last such message for later subscribers; an empty retained payload clears it.</param>
/// <param name="Properties">Optional properties; null for none.</param>
public readonly record struct MqttPublish(
    string Topic, ReadOnlyMemory<byte> Payload, MqttQos Qos, bool Retain = false, MqttProperties? Properties = null);
