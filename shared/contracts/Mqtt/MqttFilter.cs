namespace InstantNet.Contracts.Mqtt;

/// <summary>One subscription of a SUBSCRIBE packet.</summary>
/// <param name="Filter">Topic filter; see <see cref="TopicFilter"/>.</param>
/// <param name="MaximumQos">Messages published at a higher QoS are delivered at this one.</param>
public readonly record struct MqttFilter(string Filter, MqttQos MaximumQos);
