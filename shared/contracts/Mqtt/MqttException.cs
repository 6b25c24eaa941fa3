namespace InstantNet.Contracts.Mqtt;

/// <summary>An MQTT operation failed; the message is one sentence that names the cause.</summary>
public sealed class MqttException : Exception
{
    /// <param name="failure">What kind of thing went wrong.</param>
    /// <param name="reason">The broker's reason code, or the nearest one.</param>
    /// <param name="sentence">What happened, for people.</param>
    /// <param name="cause">The exception below; null when there is none.</param>
    public MqttException(MqttFailure failure, MqttReason reason, string sentence, Exception? cause)
        : base(sentence, cause)
    {
        Failure = failure;
        Reason = reason;
    }

    /// <summary>What kind of thing went wrong.</summary>
    public MqttFailure Failure { get; }

    /// <summary>Where the broker sends this client to, in its own words; null when nowhere.</summary>
    public string? ServerReference { get; init; }

    /// <summary>The broker's reason code, or the nearest one when the broker said nothing.</summary>
    public MqttReason Reason { get; }
}
