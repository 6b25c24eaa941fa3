namespace InstantNet.Contracts.Mqtt;

/// <summary>Rules of topic names and topic filters.</summary>
/// <remarks>Source: OASIS MQTT 5.0, sections 4.7 and 4.8.2.</remarks>
public static class TopicFilter
{
    private const int MaxUtf8Bytes = ushort.MaxValue;
    private const string SharePrefix = "$share/";

    /// <summary>True when a filter lets a topic through. A <c>$share/group/</c> prefix is left aside; a leading wildcard does not match topics
    /// that begin with <c>$</c>. Both arguments must be valid.</summary>
    public static bool Matches(ReadOnlySpan<char> filter, ReadOnlySpan<char> topic)
    {
        filter = WithoutShare(filter);
        if (topic.StartsWith('$') && (filter.StartsWith('+') || filter.StartsWith('#')))
            return false;
        while (true)
        {
            if (filter is "#")
                return true;
            int filterEnd = filter.IndexOf('/');
            int topicEnd = topic.IndexOf('/');
            ReadOnlySpan<char> filterLevel = filterEnd < 0 ? filter : filter[..filterEnd];
            ReadOnlySpan<char> topicLevel = topicEnd < 0 ? topic : topic[..topicEnd];
            if (filterLevel is not "+" && !filterLevel.SequenceEqual(topicLevel))
                return false;
            if (topicEnd < 0)
                return filterEnd < 0 || filter[filterEnd..] is "/#"; // "a/#" also matches its parent "a"
            if (filterEnd < 0)
                return false;
            filter = filter[(filterEnd + 1)..];
            topic = topic[(topicEnd + 1)..];
        }
    }

    /// <summary>Null when the text is a valid filter, else one sentence that says what is wrong.</summary>
    public static string? Complaint(string? filter)
    {
        if (TextComplaint(filter) is { } complaint)
            return complaint;
        ReadOnlySpan<char> rest = filter;
        if (rest.StartsWith(SharePrefix, StringComparison.Ordinal))
        {
            rest = rest[SharePrefix.Length..];
            int groupEnd = rest.IndexOf('/');
            if (groupEnd <= 0 || groupEnd == rest.Length - 1 || rest[..groupEnd].ContainsAny('+', '#'))
                return $"The shared filter '{filter}' is not of the form $share/group/filter.";
            rest = rest[(groupEnd + 1)..];
        }
        foreach (Range range in rest.Split('/'))
        {
            ReadOnlySpan<char> level = rest[range];
            if (level.Length > 1 && level.ContainsAny('+', '#'))
                return $"In the filter '{filter}' a wildcard does not fill its level.";
            if (level is "#" && range.End.GetOffset(rest.Length) != rest.Length)
                return $"In the filter '{filter}' a '#' is not the last level.";
        }
        return null;
    }

    /// <summary>Null when the text is a valid topic to publish to, else one sentence that says what is wrong.</summary>
    public static string? TopicComplaint(string? topic) => TextComplaint(topic)
        ?? (topic.AsSpan().ContainsAny('+', '#') ? $"The topic '{topic}' contains a wildcard." : null);

    /// <summary>True when members of a group share what the filter lets through.</summary>
    public static bool IsShared(string filter) => filter.StartsWith(SharePrefix, StringComparison.Ordinal);

    /// <summary>True when the filter contains no wildcard and no share group, so that it matches exactly one topic: itself.</summary>
    internal static bool IsExact(string filter) =>
        !filter.AsSpan().ContainsAny('+', '#') && !filter.StartsWith(SharePrefix, StringComparison.Ordinal);

    /// <summary>Why a broker takes no such filter by what it announced; null when it may.</summary>
    /// <remarks>Source: OASIS MQTT 5.0, sections 3.2.2.3.11 and 3.2.2.3.13.</remarks>
    internal static MqttReason? Unavailable(string filter, MqttConnAck broker)
    {
        if (!broker.SharedSubscriptionsAvailable && filter?.StartsWith(SharePrefix, StringComparison.Ordinal) == true)
            return MqttReason.SharedSubscriptionsNotSupported;
        return !broker.WildcardSubscriptionsAvailable && filter.AsSpan().ContainsAny('+', '#') ? MqttReason.WildcardSubscriptionsNotSupported : null;
    }

    private static string? TextComplaint(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return "A topic or filter must not be empty.";
        if (text.Contains('\0', StringComparison.Ordinal))
            return "A topic or filter must not contain the character U+0000.";
        return Codec.Utf8Text.ByteCountOrNegative(text) switch
        {
            < 0 => "A topic or filter contains half of a surrogate pair.",
            > MaxUtf8Bytes => $"A topic or filter is longer than {MaxUtf8Bytes} bytes.",
            _ => null,
        };
    }

    private static ReadOnlySpan<char> WithoutShare(ReadOnlySpan<char> filter)
    {
        if (!filter.StartsWith(SharePrefix, StringComparison.Ordinal))
            return filter;
        ReadOnlySpan<char> rest = filter[SharePrefix.Length..];
        return rest[(rest.IndexOf('/') + 1)..];
    }
}
