namespace InstantNet.Contracts.Mqtt;

/// <summary>Delivery guarantee of one message. Exactly once (QoS 2) is not offered: receivers of this product drop repeats by key.</summary>
public enum MqttQos
{
    /// <summary>QoS 0: sent once, never acknowledged, lost when the connection is.</summary>
    AtMostOnce = 0,

    /// <summary>QoS 1: acknowledged; may arrive more than once.</summary>
    AtLeastOnce = 1,
}
