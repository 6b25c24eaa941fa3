using System.Text.Json.Serialization;

namespace InstantNet.Contracts.Messages;

/// <summary>What a device shall be: the whole desired document, retained. Controller to device.</summary>
/// <param name="V">Format version, 1.</param>
/// <param name="Version">Only grows; a device ignores versions not above the applied one.</param>
/// <param name="Policy">How to choose the precision.</param>
/// <param name="TelemetryWindowMs">Length of a telemetry window, 100 ms to 10 min.</param>
public sealed record DesiredTwin(int V, long Version, PrecisionPolicy Policy, int TelemetryWindowMs = 1000)
{
    /// <summary>Version written today.</summary>
    public const int MessageVersion = 1;
}

/// <summary>What a device is: sent after each desired version it applied or refused, and after each change of release.</summary>
/// <param name="V">Format version, 1.</param>
/// <param name="DesiredVersion">The desired document it answers; 0 before the first.</param>
/// <param name="Applied">Whether that document is in force.</param>
/// <param name="Faults">Why it is not.</param>
/// <param name="Release">Committed release; null before the first.</param>
/// <param name="Precision">What runs now and why.</param>
/// <param name="Offered">Precisions not dominated on this device, ascending.</param>
/// <param name="Measured">Cost of each resident variant as found on this device.</param>
public sealed record ReportedTwin(
    int V, long DesiredVersion, bool Applied, IReadOnlyList<string> Faults, WireId? Release, PrecisionInUse? Precision,
    IReadOnlyList<Precision> Offered, IReadOnlyList<MeasuredVariant> Measured)
{
    /// <summary>Version written today.</summary>
    public const int MessageVersion = 1;
}

/// <summary>The precision a device runs at.</summary>
/// <param name="Bits">Bit-width.</param>
/// <param name="Reason">What decided it.</param>
/// <param name="Since">Device clock, UTC.</param>
/// <param name="Switches">Changes since the agent started.</param>
public sealed record PrecisionInUse(Precision Bits, SwitchReason Reason, DateTimeOffset Since, long Switches);

/// <summary>Cost of one variant on this device.</summary>
/// <param name="Bits">Bit-width.</param>
/// <param name="LatencyMs">95th percentile per frame, milliseconds.</param>
/// <param name="EnergyMj">Mean per frame, millijoules.</param>
/// <param name="LatencySource">Where the latency comes from.</param>
/// <param name="EnergySource">Where the energy comes from.</param>
public sealed record MeasuredVariant(Precision Bits, double LatencyMs, double EnergyMj, MeterSource LatencySource, MeterSource EnergySource);

/// <summary>Where a figure comes from.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<MeterSource>))]
public enum MeterSource
{
    /// <summary>From the deployed dataflow's cost model.</summary>
    Modelled,

    /// <summary>From processor time and a nominal power, where the machine has no meter.</summary>
    Estimated,

    /// <summary>From a sensor or a clock on the device.</summary>
    Measured,
}

/// <summary>What decided the precision.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<SwitchReason>))]
public enum SwitchReason
{
    /// <summary>First choice after a release became active.</summary>
    Start,

    /// <summary>Battery level crossed a band.</summary>
    Battery,

    /// <summary>Energy budget.</summary>
    Energy,

    /// <summary>Latency objective.</summary>
    Latency,

    /// <summary>Policy pins a precision or moved its limits.</summary>
    Policy,

    /// <summary>Another release became active.</summary>
    Release,

    /// <summary>Temperature crossed a band.</summary>
    Thermal,

    /// <summary>What the battery holds is spread over the time to the next charge.</summary>
    Horizon,
}
