using InstantNet.Agent.Telemetry;

namespace InstantNet.Agent.Configuration;

/// <summary>How telemetry is kept: section <c>telemetry</c>.</summary>
internal sealed class TelemetrySettings
{
    private const int MinWindowMs = 100;
    private const int MaxWindowMs = 600_000;
    private const double MostAgeHours = 366 * 24;
    private const long MinSpoolBytes = 64 * 1024;

    /// <summary>Length of a window until the controller desires another, milliseconds. Default 1000; 100 to 600000.</summary>
    public int WindowMs { get; set; } = 1000;

    /// <summary>Most bytes that wait on disk. Default 16 MiB; 64 KiB or more.</summary>
    public long MaxSpoolBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>Samples that waited for about as many hours of recording are given up. Default 72; above 0 to 8784.</summary>
    public double MaxAgeHours { get; set; } = 72;

    /// <summary>What telemetry may take of a metered link; null for no limit.</summary>
    public BudgetSettings? Budget { get; set; }

    /// <summary>Every fault, one sentence each.</summary>
    public IEnumerable<string> Faults()
    {
        if (WindowMs is < MinWindowMs or > MaxWindowMs)
            yield return $"telemetry.windowMs is {WindowMs}: {MinWindowMs} to {MaxWindowMs} is accepted.";
        if (MaxSpoolBytes < MinSpoolBytes)
            yield return $"telemetry.maxSpoolBytes is {MaxSpoolBytes}: {MinSpoolBytes} or more is accepted.";
        if (MaxAgeHours is not (> 0 and <= MostAgeHours))
            yield return $"telemetry.maxAgeHours is {MaxAgeHours}: above 0 to {MostAgeHours} is accepted.";
        if (Budget is { BytesPerMonth: < TelemetryDuty.LeastBytesPerMonth and var bytes })
            yield return $"telemetry.budget.bytesPerMonth is {bytes}: {TelemetryDuty.LeastBytesPerMonth} or more is accepted.";
    }
}

/// <summary>A budget of bytes: section <c>telemetry.budget</c>.</summary>
internal sealed class BudgetSettings
{
    /// <summary>Bytes in 30 days, headers, acknowledgements and keep-alives included. Required; 1,000,000 or more.</summary>
    public long BytesPerMonth { get; set; }
}
