namespace InstantNet.Contracts.Mqtt.Codec;

/// <summary>A number that stands for a topic on one connection. The default is no alias.</summary>
/// <param name="Number">1..65535; zero for none.</param>
/// <param name="IsKnown">The other side knows it, so that the packet leaves the topic out; else the packet introduces it.</param>
/// <remarks>Source: OASIS MQTT 5.0, section 3.3.2.3.4.</remarks>
internal readonly record struct TopicAlias(int Number, bool IsKnown)
{
    /// <summary>Bytes of the property.</summary>
    public const int PropertyBytes = 1 + sizeof(ushort);

    /// <summary>Most bytes by which an alias can lengthen a packet: the property, and one more for each of the two lengths.</summary>
    public const int MostBytes = PropertyBytes + 2;
}
