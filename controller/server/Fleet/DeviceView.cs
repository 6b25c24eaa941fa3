using InstantNet.Contracts;
using InstantNet.Contracts.Messages;

namespace InstantNet.Controller.Fleet;

/// <summary>A device as operators see it at one moment.</summary>
/// <param name="Id">Device.</param>
/// <param name="DeviceClass">Which cost table applies.</param>
/// <param name="Online">Whether its last birth still holds.</param>
/// <param name="LastSeen">Arrival of the last message, controller clock; null before the first.</param>
/// <param name="Agent">Version of its agent.</param>
/// <param name="Release">Committed release.</param>
/// <param name="Bits">Precision in use.</param>
/// <param name="Reason">What decided it.</param>
/// <param name="Since">Since when, device clock; null when only the telemetry told.</param>
/// <param name="Switches">Changes since its agent started.</param>
/// <param name="BatteryPct">Charge, percent.</param>
/// <param name="Charging">Whether the battery is being charged.</param>
/// <param name="LatencyP95Ms">95th percentile of the last window, milliseconds.</param>
/// <param name="LatencySource">Where that comes from.</param>
/// <param name="EnergyMj">Mean energy per frame of the last window, millijoules.</param>
/// <param name="EnergySource">Where that comes from.</param>
/// <param name="PowerMw">Mean power of the last window, milliwatts.</param>
/// <param name="FramesTotal">Frames finished since its agent started.</param>
/// <param name="DroppedTotal">Frames due but not run since its agent started.</param>
/// <param name="Accuracy">Right answers over frames in recent windows, 0..1; null where the frame source does not know.</param>
/// <param name="Offered">Precisions it may choose from, ascending.</param>
/// <param name="Measured">Cost of each resident variant as found on the device.</param>
/// <param name="DesiredVersion">Version of the desired twin.</param>
/// <param name="ReportedVersion">The desired version it last answered.</param>
/// <param name="Policy">The desired policy; null while nothing was desired.</param>
/// <param name="PolicyFaults">Why it refused that version.</param>
/// <param name="Alarms">Open alarms.</param>
/// <param name="Execution">Its current or last job.</param>
/// <param name="SamplesStored">Telemetry samples in the store.</param>
/// <param name="Duplicates">Telemetry batches that arrived again and were not stored again.</param>
public sealed record DeviceView(
    WireId Id, WireId DeviceClass, bool Online, DateTimeOffset? LastSeen, string? Agent, WireId? Release,
    Precision? Bits, SwitchReason? Reason, DateTimeOffset? Since, long Switches,
    double? BatteryPct, bool Charging, double? LatencyP95Ms, MeterSource? LatencySource, double? EnergyMj, MeterSource? EnergySource,
    double? PowerMw, long FramesTotal, long DroppedTotal, double? Accuracy,
    IReadOnlyList<Precision> Offered, IReadOnlyList<MeasuredVariant> Measured,
    long DesiredVersion, long ReportedVersion, PrecisionPolicy? Policy, IReadOnlyList<string> PolicyFaults,
    IReadOnlyList<AlarmView> Alarms, ExecutionView? Execution, long SamplesStored, long Duplicates);

/// <summary>An open alarm.</summary>
/// <param name="Key">One alarm per key is open at a time.</param>
/// <param name="Text">One sentence for people.</param>
/// <param name="Ts">When it was raised, device clock.</param>
public sealed record AlarmView(string Key, string Text, DateTimeOffset Ts);

/// <summary>Where a device's job stands.</summary>
/// <param name="Job">Id of the rollout.</param>
/// <param name="Attempt">From 1.</param>
/// <param name="Release">The release it brings.</param>
/// <param name="State">State of the execution.</param>
/// <param name="Pct">Progress of the download, 0..100.</param>
/// <param name="Code">Reason of a bad end.</param>
/// <param name="Detail">The same for people.</param>
/// <param name="Ms">Since the device accepted it, milliseconds.</param>
public sealed record ExecutionView(
    WireId Job, int Attempt, WireId Release, ExecutionState State, int? Pct, string? Code, string? Detail, long Ms);
