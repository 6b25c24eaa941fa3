namespace InstantNet.Contracts.Messages;

/// <summary>Telemetry of one or more windows. (device, Epoch, Seq) is unique: at least once on the wire, exactly once in the store.</summary>
/// <param name="V">Format version, 1.</param>
/// <param name="Epoch">Identity of the device's spool: random when the spool was made, kept on disk.</param>
/// <param name="Seq">Number of the batch within the epoch, from 1, never reused, no gaps unless the spool dropped batches.</param>
/// <param name="Hist">True when the batch waited on disk while the device was offline.</param>
/// <param name="Dropped">Samples lost so far because the spool was full, or too large for a message.</param>
/// <param name="Samples">In time order; 1 to 500.</param>
public sealed record TelemetryBatch(int V, long Epoch, long Seq, bool Hist, long Dropped, IReadOnlyList<TelemetrySample> Samples)
{
    /// <summary>Version written today.</summary>
    public const int MessageVersion = 1;

    /// <summary>Most samples in a batch.</summary>
    public const int MaxSamples = 500;
}

/// <summary>One window of one device.</summary>
/// <param name="Ts">End of the window, device clock, UTC.</param>
/// <param name="WindowMs">Length of the window, milliseconds.</param>
/// <param name="Release">Release that served.</param>
/// <param name="Bits">Precision at the end of the window.</param>
/// <param name="Reason">What decided that precision.</param>
/// <param name="Switches">Precision changes since the agent started.</param>
/// <param name="Frames">Frames finished in the window.</param>
/// <param name="FramesTotal">Frames finished since the agent started.</param>
/// <param name="DroppedTotal">Frames due but not run since the agent started.</param>
/// <param name="Correct">Frames of the window whose class was right, where the frame source knows; else null.</param>
/// <param name="LatencyP50Ms">Median latency, milliseconds.</param>
/// <param name="LatencyP95Ms">95th percentile, milliseconds.</param>
/// <param name="LatencySource">Where the latency comes from.</param>
/// <param name="EnergyMj">Mean energy per frame, millijoules.</param>
/// <param name="EnergySource">Where the energy comes from.</param>
/// <param name="BatteryPct">Charge, percent; null without a battery.</param>
/// <param name="Charging">Whether it is being charged.</param>
/// <param name="PowerMw">Mean power of the window, milliwatts, inference and idle.</param>
/// <param name="Confidence">Mean softmax probability of the chosen class, 0..1.</param>
/// <param name="RssMb">Resident memory of the agent, MiB.</param>
/// <param name="Meter">Name of the energy meter, for example <c>rapl</c> or <c>hwmon:VDD_IN</c>; null from agents before it was told.</param>
public sealed record TelemetrySample(
    DateTimeOffset Ts, int WindowMs, WireId Release, Precision Bits, SwitchReason Reason, long Switches,
    int Frames, long FramesTotal, long DroppedTotal, int? Correct,
    double LatencyP50Ms, double LatencyP95Ms, MeterSource LatencySource,
    double EnergyMj, MeterSource EnergySource, double? BatteryPct, bool Charging, double PowerMw, double Confidence, double RssMb,
    string? Meter = null);

/// <summary>An alarm raised or cleared.</summary>
/// <param name="V">Format version, 1.</param>
/// <param name="Key">De-duplication key: one alarm per key is open at a time.</param>
/// <param name="Raised">Raised, or cleared.</param>
/// <param name="Text">One sentence for people.</param>
/// <param name="Ts">Device clock, UTC.</param>
public sealed record Alarm(int V, string Key, bool Raised, string Text, DateTimeOffset Ts)
{
    /// <summary>Version written today.</summary>
    public const int MessageVersion = 1;
}
