namespace InstantNet.Agent.Telemetry;

/// <summary>How a device spreads a monthly budget of bytes: what flows when, and how long windows are. Pure.</summary>
/// <remarks>
/// One day's share may be saved up, and one more be owed, for a batch is sent whole; the rest of the budget, less the keep-alives, comes in evenly.
/// So no 30 days take more than the budget, as long as only telemetry and keep-alives flow: alarms, job states and twins are charged, never held back.
/// </remarks>
internal sealed record TelemetryDuty
{
    /// <summary>Smallest accepted budget, bytes a month.</summary>
    public const long LeastBytesPerMonth = 1_000_000;

    /// <summary>Longest window that a budget makes, however little is left.</summary>
    public static readonly TimeSpan LongestWindow = TimeSpan.FromHours(1);

    /// <summary>What a budget is for.</summary>
    public static readonly TimeSpan Month = TimeSpan.FromDays(30);

    private const double KeepAliveShare = 0.25;
    private const int MostBatchSamples = 200;
    private static readonly TimeSpan ShortestKeepAlive = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestKeepAlive = TimeSpan.FromMinutes(20);

    // What is saved up is spent at this pace: a device that was silent for a day may show more detail for an hour or two.
    private static readonly TimeSpan SpendWithin = TimeSpan.FromHours(1);

    /// <param name="bytesPerMonth"><see cref="LeastBytesPerMonth"/> or more.</param>
    public TelemetryDuty(long bytesPerMonth)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesPerMonth, LeastBytesPerMonth);
        double perKeepAlive = WireCost.KeepAlive * Month.TotalSeconds / (bytesPerMonth * KeepAliveShare);
        KeepAlive = TimeSpan.FromSeconds(Math.Clamp(Math.Ceiling(perKeepAlive), ShortestKeepAlive.TotalSeconds, LongestKeepAlive.TotalSeconds));
        Capacity = bytesPerMonth / Month.TotalDays;
        double keepAlives = WireCost.KeepAlive * (Month / KeepAlive);
        BytesPerSecond = (bytesPerMonth - 2 * Capacity - keepAlives) / Month.TotalSeconds;
        BatchSamples = Math.Clamp((int)(Capacity / 2 / WireCost.Sample), 1, MostBatchSamples);
    }

    /// <summary>Time between two keep-alives, 30 s to 20 min.</summary>
    public TimeSpan KeepAlive { get; }

    /// <summary>Most bytes that are saved up.</summary>
    public double Capacity { get; }

    /// <summary>Rate at which bytes come in.</summary>
    public double BytesPerSecond { get; }

    /// <summary>Most samples in a batch, so that none owes more than a day's share.</summary>
    public int BatchSamples { get; }

    /// <summary>How long windows are: as desired while that is affordable, else what comes in steadily pays for, longer only when bytes are owed.</summary>
    /// <param name="desired">What the controller wants.</param>
    /// <param name="available">Bytes saved up; negative when some are owed.</param>
    public TimeSpan Window(TimeSpan desired, double available)
    {
        double cost = WireCost.Of(topicBytes: 64, WireCost.Sample);
        double steadySeconds = cost / BytesPerSecond;
        double seconds = available > 0
            ? Math.Min(steadySeconds, SpendWithin.TotalSeconds * cost / available)
            : steadySeconds - available / BytesPerSecond;
        double bounded = Math.Min(Math.Ceiling(seconds), LongestWindow.TotalSeconds);
        return TimeSpan.FromSeconds(Math.Max(bounded, desired.TotalSeconds));
    }
}
