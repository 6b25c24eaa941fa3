using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace InstantNet.Contracts.Mqtt.Codec;

/// <summary>Turns topic bytes into text without allocating for topics seen lately. Holds at most 4,096 topics of at most 256 bytes each.
/// Only plain ASCII topics are kept. Not thread-safe.</summary>
/// <param name="aliasMaximum">Topic aliases that the other side may set, 1 to this; zero for none.</param>
internal sealed class TopicCache(int aliasMaximum)
{
    private const int FirstSize = 16;
    private const int LargestSize = 4096;
    private const int LongestBytes = 256;

    private string?[] _topics = [];
    private string?[] _aliases = [];
    private int _replaced;

    /// <exception cref="MalformedPacketException">Not valid UTF-8, or it contains a wildcard.</exception>
    public string Read(ReadOnlySpan<byte> topic)
    {
        if (topic.Length > LongestBytes)
            return ReadUncached(topic);
        if (_topics.Length == 0)
            _topics = new string?[FirstSize];
        ref string? slot = ref _topics[(int)(Hash(topic) & (uint)(_topics.Length - 1))];
        if (slot is not null && Ascii.Equals(topic, slot))
            return slot;
        string text = ReadUncached(topic);
        if (!Ascii.IsValid(topic))
            return text;
        if (slot is not null && ++_replaced > _topics.Length && _topics.Length < LargestSize)
            Grow();
        else
            slot = text;
        return text;
    }

    /// <exception cref="MalformedPacketException">Not valid UTF-8, or it contains a wildcard.</exception>
    public static string ReadUncached(ReadOnlySpan<byte> topic)
    {
        if (!Utf8Text.IsValid(topic))
            throw new MalformedPacketException(MqttReason.MalformedPacket, "A topic is not valid UTF-8.");
        if (topic.ContainsAny((byte)'+', (byte)'#'))
            throw new MalformedPacketException(MqttReason.TopicNameInvalid, "A received topic contains a wildcard.");
        return Utf8Text.Read(topic);
    }

    /// <summary>The topic of a message with an alias: sets the alias when the message names its topic, else looks it up.</summary>
    /// <param name="alias">As received.</param>
    /// <param name="topic">As received; empty when only the alias names it.</param>
    /// <exception cref="MalformedPacketException">The alias is beyond the maximum or was never set.</exception>
    /// <remarks>Source: OASIS MQTT 5.0, section 3.3.2.3.4.</remarks>
    public string Resolve(int alias, string topic)
    {
        if (alias == 0 || alias > aliasMaximum)
            throw new MalformedPacketException(MqttReason.TopicAliasInvalid, $"The topic alias {alias} is not 1 to the announced {aliasMaximum}.");
        if (_aliases.Length == 0)
            _aliases = new string?[aliasMaximum];
        ref string? known = ref _aliases[alias - 1];
        if (topic.Length > 0)
            return known = topic;
        return known ?? throw new MalformedPacketException(MqttReason.ProtocolError, $"The topic alias {alias} was never set.");
    }

    private void Grow()
    {
        _topics = new string?[_topics.Length * 4];
        _replaced = 0;
    }

    private static uint Hash(ReadOnlySpan<byte> topic)
    {
        const ulong multiplier = 0x9E3779B97F4A7C15; // 2^64 / golden ratio
        ulong hash = (ulong)topic.Length;
        while (topic.Length >= sizeof(ulong))
        {
            hash = (BitOperations.RotateLeft(hash, 23) ^ MemoryMarshal.Read<ulong>(topic)) * multiplier;
            topic = topic[sizeof(ulong)..];
        }
        foreach (byte b in topic)
            hash = (BitOperations.RotateLeft(hash, 23) ^ b) * multiplier;
        return (uint)(hash >> 32);
    }
}
