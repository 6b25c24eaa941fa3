using InstantNet.Contracts.Mqtt.Codec;

namespace InstantNet.Contracts.Mqtt.Wire;

/// <summary>Which topics of this connection have a number. A topic gets one when it is published to for the second time within a while, so that
/// topics used once, as those of a blob's chunks, take none away; numbers are never given anew. The connection's gate protects it.</summary>
/// <param name="maximum">Most aliases; zero for none.</param>
internal sealed class TopicAliases(int maximum)
{
    private const int Remembered = 64;

    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private int[] _lately = [];
    private string? _last;
    private int _lastNumber;

    /// <param name="topic">Of the message that is written next.</param>
    /// <param name="topicBytes">Its size.</param>
    /// <param name="room">Bytes by which the packet may grow.</param>
    public TopicAlias Next(string topic, int topicBytes, long room)
    {
        if (maximum == 0 || topicBytes <= TopicAlias.PropertyBytes)
            return default;
        if (ReferenceEquals(topic, _last))
            return new TopicAlias(_lastNumber, IsKnown: true);
        bool known = _numbers.TryGetValue(topic, out int number);
        if (!known)
        {
            if (_numbers.Count == maximum || room < TopicAlias.MostBytes || !WasSeenLately(topic))
                return default;
            number = _numbers.Count + 1;
            _numbers.Add(topic, number);
        }
        (_last, _lastNumber) = (topic, number);
        return new TopicAlias(number, known);
    }

    // By hash alone: a collision gives a topic its number one publish too early.
    private bool WasSeenLately(string topic)
    {
        if (_lately.Length == 0)
            _lately = new int[Remembered];
        int hash = string.GetHashCode(topic, StringComparison.Ordinal);
        ref int slot = ref _lately[(uint)hash % Remembered];
        bool seen = slot == hash;
        slot = hash;
        return seen;
    }
}
