using InstantNet.Contracts;
using InstantNet.Contracts.Messages;

namespace InstantNet.Controller.Fleet;

/// <summary>The job that a device was last offered, and where it stands.</summary>
/// <param name="Job">Id of the rollout.</param>
/// <param name="Attempt">From 1.</param>
/// <param name="Release">The release it brings.</param>
/// <param name="Deadline">UTC.</param>
/// <param name="State">State of the execution.</param>
/// <param name="Pct">Progress of the download, 0..100.</param>
/// <param name="Code">Reason of a bad end.</param>
/// <param name="Detail">The same for people.</param>
/// <param name="Ms">Since the device accepted it, milliseconds.</param>
/// <param name="ReportedAt">Device clock of the last report; null before the first.</param>
/// <param name="BlobUrl">Where a web server offers the blobs; null when only the broker does. May hold a secret, so views leave it out.</param>
internal sealed record CurrentExecution(
    WireId Job, int Attempt, WireId Release, DateTimeOffset Deadline, ExecutionState State, int? Pct, string? Code, string? Detail, long Ms,
    DateTimeOffset? ReportedAt, string? BlobUrl = null)
{
    public ExecutionView View() => new(Job, Attempt, Release, State, Pct, Code, Detail, Ms);
}
