using System.Diagnostics.CodeAnalysis;

namespace InstantNet.Contracts.Mqtt.Routing;

/// <summary>Immutable snapshot of who handles which topic: exact topics by look-up, filters with wildcards one after the other.</summary>
internal sealed class RouteTable
{
    private readonly Dictionary<string, Subscription> _exact = new(StringComparer.Ordinal);
    private readonly Subscription[] _patterns;

    public RouteTable(IEnumerable<Subscription> subscriptions)
    {
        var patterns = new List<Subscription>();
        foreach (Subscription subscription in subscriptions)
        {
            if (TopicFilter.IsExact(subscription.Filter))
                _exact.Add(subscription.Filter, subscription);
            else
                patterns.Add(subscription);
        }
        _patterns = [.. patterns];
    }

    /// <summary>Steps through the subscriptions that match a topic.</summary>
    /// <param name="topic">A received topic.</param>
    /// <param name="position">Zero to begin; kept between calls.</param>
    /// <param name="match">The next match, when true.</param>
    public bool TryNext(string topic, ref int position, [NotNullWhen(true)] out Subscription? match)
    {
        if (position++ == 0 && _exact.TryGetValue(topic, out match))
            return true;
        for (; position <= _patterns.Length + 1; position++)
        {
            int index = position - 1;
            if (index >= _patterns.Length)
                break;
            if (TopicFilter.Matches(_patterns[index].Filter, topic))
            {
                match = _patterns[index];
                return true;
            }
        }
        match = null;
        return false;
    }
}
