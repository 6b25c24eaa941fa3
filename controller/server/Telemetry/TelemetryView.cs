using InstantNet.Contracts.Messages;

namespace InstantNet.Controller.Telemetry;

/// <summary>Telemetry of a device.</summary>
/// <param name="Samples">Oldest first; evenly thinned when the span holds more than was asked for.</param>
/// <param name="StoredTotal">Samples of the device in the store, all told.</param>
public sealed record TelemetryView(IReadOnlyList<TelemetrySample> Samples, long StoredTotal);
