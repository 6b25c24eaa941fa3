namespace InstantNet.Contracts.Mqtt;

/// <summary>How a connection ended.</summary>
/// <param name="Failure"><see cref="MqttFailure.None"/> when this side closed it on purpose.</param>
/// <param name="Reason">The DISCONNECT code sent or received, or the nearest one.</param>
/// <param name="Sentence">What happened, for people.</param>
public sealed record MqttClosed(MqttFailure Failure, MqttReason Reason, string Sentence)
{
    /// <summary>Where the broker sends this client to, in its own words; null when nowhere.</summary>
    public string? ServerReference { get; init; }
}
