namespace InstantNet.Bench.Mqtt;

/// <summary>One connection of one client library that sends and receives as fast as it can.</summary>
internal interface IBenchClient : IAsyncDisposable
{
    /// <summary>What the reports call the library.</summary>
    string Name { get; }

    /// <summary>Publishes, and returns when the broker has taken everything: at QoS 0 a last message at QoS 1 says so.</summary>
    /// <param name="topic">Of every message.</param>
    /// <param name="payload">Of every message.</param>
    /// <param name="qos">0 or 1; at 1 at most <see cref="RateBench.Window"/> are unacknowledged.</param>
    /// <param name="count">Messages.</param>
    Task PublishAsync(string topic, byte[] payload, int qos, int count);

    /// <summary>Publishes one message at QoS 0; returns when the library has taken it, or earlier.</summary>
    ValueTask SendAsync(string topic, byte[] payload);

    /// <summary>Subscribes; returns when the broker has granted it.</summary>
    Task SubscribeAsync(string topic, int qos);

    /// <summary>What has been received.</summary>
    Arrivals Arrivals { get; }
}
