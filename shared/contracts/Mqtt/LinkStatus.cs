namespace InstantNet.Contracts.Mqtt;

/// <summary>Whether the link to the broker stands, and if not, why.</summary>
/// <param name="IsConnected">True when messages flow.</param>
/// <param name="Failure">Why not; <see cref="MqttFailure.None"/> when connected, not yet started or stopped.</param>
/// <param name="Reason">The broker's reason code, or the nearest one.</param>
/// <param name="Sentence">The same for people.</param>
/// <param name="FailedAttempts">Attempts in a row that led to no lasting connection.</param>
/// <param name="RetryIn">Time until the next attempt; null when connected, connecting or stopped.</param>
public sealed record LinkStatus(
    bool IsConnected, MqttFailure Failure, MqttReason Reason, string Sentence, int FailedAttempts, TimeSpan? RetryIn);
