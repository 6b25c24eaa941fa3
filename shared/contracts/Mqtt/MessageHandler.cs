namespace InstantNet.Contracts.Mqtt;

/// <summary>Handles one received message; the broker is told "received" when the returned task completes.</summary>
/// <param name="message">Its payload is valid until the returned task completes.</param>
/// <param name="cancellationToken">Cancelled when the link stops for good.</param>
public delegate ValueTask MessageHandler(MqttMessage message, CancellationToken cancellationToken);
