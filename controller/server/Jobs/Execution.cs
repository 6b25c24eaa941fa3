using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Controller.Fleet;

namespace InstantNet.Controller.Jobs;

/// <summary>One device's share of a rollout, as the store knows it.</summary>
internal sealed class Execution
{
    /// <summary>Id of the rollout, which is the job's id on the wire.</summary>
    public required WireId Job { get; init; }

    public required WireId Device { get; init; }

    public required WireId Release { get; init; }

    /// <summary>From 1.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>Wave it belongs to, from 0.</summary>
    public required int Wave { get; init; }

    public ExecutionState State { get; init; } = ExecutionState.Queued;

    public int? Pct { get; init; }

    public string? Code { get; init; }

    public string? Detail { get; init; }

    /// <summary>Since the device accepted it, milliseconds.</summary>
    public long Ms { get; init; }

    /// <summary>When it was offered, controller clock; null before its wave.</summary>
    public DateTimeOffset? OfferedAt { get; init; }

    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Device clock of the last report.</summary>
    public DateTimeOffset? ReportedAt { get; init; }

    /// <summary>Where a web server offers the blobs; null when only the broker does. May hold a secret.</summary>
    public string? BlobUrl { get; init; }

    /// <summary>The same, live.</summary>
    public CurrentExecution Current() =>
        new(Job, Attempt, Release, Deadline ?? DateTimeOffset.MaxValue, State, Pct, Code, Detail, Ms, ReportedAt, BlobUrl);
}
