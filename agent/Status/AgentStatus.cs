using System.Text.Json.Serialization;
using InstantNet.Agent.Doctor;
using InstantNet.Agent.Inference;
using InstantNet.Agent.Sensors;
using InstantNet.Agent.Telemetry;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using Microsoft.AspNetCore.Mvc;

namespace InstantNet.Agent.Status;

/// <summary>Answer of GET /status: the whole agent at one moment.</summary>
/// <param name="Device">Id.</param>
/// <param name="DeviceClass">What it is.</param>
/// <param name="Connected">Whether the broker is reached.</param>
/// <param name="Link">The state of the link for people.</param>
/// <param name="Epoch">Number of the connection.</param>
/// <param name="Boot">Starts of the agent.</param>
/// <param name="Execution">The last execution; null before the first job.</param>
/// <param name="Serving">What serves; null before the first release.</param>
/// <param name="LastGood">What the device falls back to; null before the first release.</param>
/// <param name="Battery">Charge; null without a battery.</param>
/// <param name="Frames">Since the start.</param>
/// <param name="Switches">Changes of precision since the start.</param>
/// <param name="Spool">Telemetry on disk.</param>
/// <param name="DecisionNs">Time of a precision decision, nanoseconds.</param>
/// <param name="SwitchNs">Time of a precision switch, nanoseconds.</param>
/// <param name="Energy">What energy figures are made of; null before the first release.</param>
/// <param name="LatencySource">Where latency figures come from; null before the first release.</param>
/// <param name="RssMb">Resident memory, MiB.</param>
internal sealed record AgentStatus(
    WireId Device, WireId DeviceClass, bool Connected, string Link, long Epoch, int Boot, ExecutionStatus? Execution, ServingReport? Serving, WireId? LastGood,
    BatteryReading? Battery, FrameCounts Frames, long Switches, SpoolCounters Spool, DurationFigures DecisionNs, DurationFigures SwitchNs,
    MeterReport? Energy, MeterSource? LatencySource, double RssMb);

/// <summary>Where the last execution stands.</summary>
/// <param name="Job">Id of the job.</param>
/// <param name="Attempt">From 1.</param>
/// <param name="State">State.</param>
/// <param name="Pct">Progress of a download.</param>
/// <param name="Code">Reason of a bad end.</param>
/// <param name="Detail">The same as one sentence.</param>
internal sealed record ExecutionStatus(WireId Job, int Attempt, ExecutionState State, int? Pct, string? Code, string? Detail)
{
    /// <summary>Of what the controller was told.</summary>
    public static ExecutionStatus? Of(JobStatus? status) =>
        status is null ? null : new ExecutionStatus(status.Job, status.Attempt, status.State, status.Pct, status.Code, status.Detail);
}

/// <summary>Frames since the start.</summary>
/// <param name="Done">Answered.</param>
/// <param name="Dropped">Due, but not run.</param>
internal sealed record FrameCounts(long Done, long Dropped);

/// <summary>The JSON of the local endpoint and of the verbs.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(AgentStatus))]
[JsonSerializable(typeof(Classification))]
[JsonSerializable(typeof(HoldStatus))]
[JsonSerializable(typeof(PolicyStatus))]
[JsonSerializable(typeof(IReadOnlyList<SensorLine>))]
[JsonSerializable(typeof(IReadOnlyList<Finding>))]
[JsonSerializable(typeof(SpoolCounters))]
[JsonSerializable(typeof(SwapBenchmarkResult))]
[JsonSerializable(typeof(SwitchBenchmarkResult))]
[JsonSerializable(typeof(ProblemDetails))] // the web server serialises refusals itself
internal sealed partial class StatusJson : JsonSerializerContext;
