namespace InstantNet.Agent.Replay;

/// <summary>What surrounds the device for a while.</summary>
/// <param name="Seconds">Length, positive.</param>
/// <param name="FramesPerSecond">Frames that come, 0 to 1000.</param>
/// <param name="HarvestWatts">Into the battery, not negative.</param>
/// <param name="BaseWatts">Drawn besides inference while the device is on, not negative.</param>
/// <param name="Gauge">Whether the gauge tells the level, nothing, or always the same.</param>
/// <param name="GaugeErrorPct">Added to what the gauge tells, percentage points.</param>
/// <param name="Celsius">Temperature; null when there is no sensor.</param>
/// <param name="CapacityJoules">What the battery can hold; charge beyond it is lost.</param>
/// <param name="Efficiency">Share of the drawn energy that reaches the device, above 0 to 1: a cold battery's voltage sags.</param>
internal sealed record TraceRow(
    double Seconds, double FramesPerSecond, double HarvestWatts, double BaseWatts, TraceGauge Gauge, double GaugeErrorPct, double? Celsius,
    double CapacityJoules, double Efficiency);

/// <summary>What a gauge tells.</summary>
/// <param name="Answers">False when it is silent.</param>
/// <param name="StuckPct">The level that it always tells; null when it tells the true one.</param>
internal readonly record struct TraceGauge(bool Answers, double? StuckPct);
