namespace InstantNet.Contracts.Mqtt;

/// <summary>The message that the broker publishes for a client that vanishes without a DISCONNECT.</summary>
/// <param name="Message">What to publish; its payload is at most 65,535 bytes.</param>
/// <param name="Delay">How long the broker waits for the client to return before publishing; whole seconds.
/// The will also goes out when the session expires, so a session expiry shorter than this cuts it short.</param>
public sealed record MqttWill(MqttPublish Message, TimeSpan Delay);
