using InstantNet.Contracts;
using InstantNet.Contracts.Messages;

namespace InstantNet.Controller.Rollouts;

/// <summary>A rollout as operators see it.</summary>
/// <param name="Id">Rollout; also the id of its jobs on the wire.</param>
/// <param name="Release">What it brings.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Reason">Why it failed or was cancelled; else null.</param>
/// <param name="StartedAt">Controller clock.</param>
/// <param name="EndedAt">Controller clock; null while it runs.</param>
/// <param name="CurrentWave">Wave that is offered now, from 0.</param>
/// <param name="Waves">All waves in order.</param>
/// <param name="Committed">Devices that serve the release.</param>
/// <param name="Failed">Devices with a bad end.</param>
/// <param name="Pending">Devices that have not ended.</param>
public sealed record RolloutView(
    WireId Id, WireId Release, RolloutState State, string? Reason, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, int CurrentWave,
    IReadOnlyList<WaveView> Waves, int Committed, int Failed, int Pending);

/// <summary>One wave of a rollout.</summary>
/// <param name="Index">From 0.</param>
/// <param name="Devices">Its devices, ordered by id.</param>
public sealed record WaveView(int Index, IReadOnlyList<RolloutDeviceView> Devices);

/// <summary>One device of a rollout.</summary>
/// <param name="Device">Device.</param>
/// <param name="State">State of its execution.</param>
/// <param name="Pct">Progress of the download, 0..100.</param>
/// <param name="Code">Reason of a bad end.</param>
/// <param name="Detail">The same for people.</param>
/// <param name="Ms">Since the device accepted it, milliseconds.</param>
public sealed record RolloutDeviceView(WireId Device, ExecutionState State, int? Pct, string? Code, string? Detail, long Ms);
