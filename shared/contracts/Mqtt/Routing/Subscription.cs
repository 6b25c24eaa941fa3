namespace InstantNet.Contracts.Mqtt.Routing;

/// <summary>A filter that the product wants, and what the broker knows of it. Its book's lock protects the changing part.</summary>
internal sealed class Subscription(MqttFilter wanted, MessageHandler handler)
{
    public MqttFilter Wanted => wanted;

    public string Filter => wanted.Filter;

    public MessageHandler Handler => handler;

    /// <summary>True when the broker's session contains it.</summary>
    public bool IsGranted { get; set; }

    /// <summary>Connection on which it was asked for last.</summary>
    public IMqttConnection? AskedOn { get; set; }
}
