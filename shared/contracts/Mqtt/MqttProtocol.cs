namespace InstantNet.Contracts.Mqtt;

/// <summary>Version of MQTT that a connection speaks.</summary>
public enum MqttProtocol
{
    /// <summary>MQTT 5.0, all of it that <see cref="MqttConnector"/> offers.</summary>
    V5,

    /// <summary>MQTT 3.1.1, for brokers that know no other. It has no properties: a publish, a will or options that need one are refused, not
    /// stripped of it. The broker never says why it closes the connection.</summary>
    V311,
}

/// <summary>Names of the versions, for sentences.</summary>
internal static class MqttProtocolNames
{
    public static string Name(this MqttProtocol protocol) => protocol == MqttProtocol.V5 ? "MQTT 5" : "MQTT 3.1.1";
}
