namespace InstantNet.Contracts.Mqtt.Routing;

/// <summary>Which subscriptions the product wants and which the broker's session holds, so that a reconnect asks for what is missing and
/// ends what is no longer wanted. Thread-safe.</summary>
internal sealed class SubscriptionBook
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Subscription> _wanted = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unwanted = new(StringComparer.Ordinal);
    private RouteTable _routes = new([]);

    /// <summary>The present routes; never changes once returned.</summary>
    public RouteTable Routes => Volatile.Read(ref _routes);

    /// <exception cref="InvalidOperationException">The filter already has a handler.</exception>
    public Subscription Add(MqttFilter wanted, MessageHandler handler)
    {
        var subscription = new Subscription(wanted, handler);
        lock (_gate)
        {
            if (!_wanted.TryAdd(wanted.Filter, subscription))
                throw new InvalidOperationException($"The filter '{wanted.Filter}' already has a handler.");
            _unwanted.Remove(wanted.Filter);
            PublishRoutesLocked();
        }
        return subscription;
    }

    /// <summary>Stops routing; the broker still has to be told.</summary>
    /// <returns>False when there was no such subscription.</returns>
    public bool Remove(string filter)
    {
        lock (_gate)
        {
            if (!_wanted.Remove(filter, out Subscription? removed))
                return false;
            if (removed.IsGranted || removed.AskedOn is not null)
                _unwanted.Add(filter);
            PublishRoutesLocked();
            return true;
        }
    }

    /// <summary>Takes back a subscription that the broker refused.</summary>
    public void Refused(Subscription subscription)
    {
        lock (_gate)
        {
            if (_wanted.TryGetValue(subscription.Filter, out Subscription? present) && ReferenceEquals(present, subscription))
            {
                _wanted.Remove(subscription.Filter);
                PublishRoutesLocked();
            }
        }
    }

    /// <summary>The broker's session is new: it holds nothing.</summary>
    public void BrokerForgot()
    {
        lock (_gate)
        {
            _unwanted.Clear();
            foreach (Subscription subscription in _wanted.Values)
                (subscription.IsGranted, subscription.AskedOn) = (false, null);
        }
    }

    /// <summary>The broker has kept the session: it holds what it has granted, but shared subscriptions are asked for again.</summary>
    /// <remarks>mosquitto 2.0.11 keeps sessions through a restart and forgets their shared subscriptions. Asking twice does no harm: retained messages
    /// are not sent to shared subscriptions (OASIS MQTT 5.0, section 4.8.2).</remarks>
    public void BrokerRemembered()
    {
        lock (_gate)
        {
            foreach (Subscription subscription in _wanted.Values.Where(s => TopicFilter.IsShared(s.Filter)))
                (subscription.IsGranted, subscription.AskedOn) = (false, null);
        }
    }

    /// <summary>Lets one caller ask for a subscription on a connection; a second one gets false.</summary>
    public bool TryClaim(Subscription subscription, IMqttConnection connection)
    {
        lock (_gate)
        {
            if (subscription.IsGranted || ReferenceEquals(subscription.AskedOn, connection))
                return false;
            subscription.AskedOn = connection;
            return true;
        }
    }

    /// <summary>Claims everything that is wanted but not in the broker's session.</summary>
    public IReadOnlyList<Subscription> ClaimMissing(IMqttConnection connection)
    {
        lock (_gate)
            return [.. _wanted.Values.Where(subscription => TryClaim(subscription, connection))];
    }

    /// <summary>Filters that the broker's session may hold but nobody wants.</summary>
    public IReadOnlyList<string> Unwanted()
    {
        lock (_gate)
            return [.. _unwanted];
    }

    /// <summary>The broker granted it, unless a later connection has already begun with an empty session.</summary>
    public void Granted(Subscription subscription, IMqttConnection connection)
    {
        lock (_gate)
            subscription.IsGranted |= ReferenceEquals(subscription.AskedOn, connection);
    }

    /// <summary>The broker has ended these subscriptions.</summary>
    public void Ended(IReadOnlyList<string> filters)
    {
        lock (_gate)
            _unwanted.ExceptWith(filters);
    }

    private void PublishRoutesLocked() => Volatile.Write(ref _routes, new RouteTable(_wanted.Values));
}
