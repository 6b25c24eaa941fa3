namespace InstantNet.Controller.Telemetry;

/// <summary>How long telemetry is kept.</summary>
internal sealed class TelemetryOptions
{
    /// <summary>Samples older than this are dropped. Default 30 days.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(30);
}
