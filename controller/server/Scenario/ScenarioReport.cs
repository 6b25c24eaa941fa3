using System.Text.Json.Serialization;
using InstantNet.Contracts;
using InstantNet.Generation.Runs;

namespace InstantNet.Controller.Scenario;

/// <summary>What one run of the scenario measured: the file that <c>up --once --json</c> writes.</summary>
/// <param name="V">Format version, 1.</param>
/// <param name="Started">UTC.</param>
/// <param name="Seconds">Wall time of everything after set-up.</param>
/// <param name="Machine">Where it ran.</param>
/// <param name="Run">What was trained.</param>
/// <param name="Mappings">What was mapped, class by class.</param>
/// <param name="Rollout">How the release got onto the devices.</param>
/// <param name="Devices">What each device did.</param>
/// <param name="Claims">Each promise and whether it was kept.</param>
/// <param name="Held">True when all were.</param>
public sealed record ScenarioReport(
    int V, DateTimeOffset Started, double Seconds, MachineReport Machine, RunReport Run, IReadOnlyList<MappingReport> Mappings,
    RolloutReport Rollout, IReadOnlyList<DeviceReport> Devices, IReadOnlyList<Claim> Claims, bool Held);

/// <summary>The machine.</summary>
/// <param name="Cores">Logical processors.</param>
/// <param name="Cpu">Model name.</param>
/// <param name="FastIntegers">Whether it has VNNI.</param>
/// <param name="Runtime">Of .NET.</param>
/// <param name="OnnxRuntime">Version.</param>
public sealed record MachineReport(int Cores, string Cpu, bool FastIntegers, string Runtime, string OnnxRuntime);

/// <summary>The rollout.</summary>
/// <param name="Release">Id.</param>
/// <param name="Bytes">Size of all blobs.</param>
/// <param name="SecondsToAllCommitted">From its start until the last device committed.</param>
public sealed record RolloutReport(string Release, long Bytes, double SecondsToAllCommitted);

/// <summary>One device.</summary>
/// <param name="Id">Id.</param>
/// <param name="DeviceClass">Class.</param>
/// <param name="Fate">What happened to it.</param>
/// <param name="State">End of its job's execution.</param>
/// <param name="Starts">Starts of its process.</param>
/// <param name="Offered">Precisions that no other one dominates on it.</param>
/// <param name="EnergySource">Where its energy figures come from.</param>
/// <param name="FramesDone">Frames answered.</param>
/// <param name="FramesDropped">Frames due but not answered.</param>
/// <param name="SamplesProduced">Telemetry samples it wrote to its disk.</param>
/// <param name="SamplesStored">Of those, samples in the controller's store.</param>
/// <param name="Late">Of those, samples that waited on its disk while it was offline.</param>
/// <param name="Switches">Changes of precision, in order.</param>
/// <param name="DecisionP99Nanoseconds">Choosing a precision, 99th percentile over many choices on this release, each of which switched; null where one precision is offered only.</param>
/// <param name="SwitchP99Nanoseconds">Switching to it, 99th percentile of the same.</param>
/// <param name="SwitchBytes">Bytes allocated by one choice and switch.</param>
public sealed record DeviceReport(
    string Id, string DeviceClass, string Fate, string State, int Starts, IReadOnlyList<Precision> Offered, string EnergySource, long FramesDone, long FramesDropped,
    long SamplesProduced, long SamplesStored, long Late, IReadOnlyList<SwitchReport> Switches, double? DecisionP99Nanoseconds, double? SwitchP99Nanoseconds, double? SwitchBytes);

/// <summary>A change of precision, as telemetry told it.</summary>
/// <param name="Ts">Device clock, UTC.</param>
/// <param name="From">Before.</param>
/// <param name="To">After.</param>
/// <param name="Reason">What decided it.</param>
/// <param name="BatteryPct">Charge at the end of that window, percent.</param>
public sealed record SwitchReport(DateTimeOffset Ts, Precision From, Precision To, string Reason, double? BatteryPct);

/// <summary>The JSON of the report.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ScenarioReport))]
internal sealed partial class ScenarioJson : JsonSerializerContext;
