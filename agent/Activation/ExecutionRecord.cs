using InstantNet.Contracts;
using InstantNet.Contracts.Messages;

namespace InstantNet.Agent.Activation;

/// <summary>Where the execution of one job stands: the content of execution.json. Immutable.</summary>
/// <param name="V">Format version, 1.</param>
/// <param name="Job">Id of the job.</param>
/// <param name="Attempt">From 1.</param>
/// <param name="Deadline">UTC, from the job.</param>
/// <param name="State">Written before the work of this state begins.</param>
/// <param name="Release">Known once the manifest is trusted.</param>
/// <param name="Revision">Known once the manifest is trusted.</param>
/// <param name="Code">Reason of a bad end or of the roll-back under way.</param>
/// <param name="Detail">The same as one sentence.</param>
/// <param name="CrashedStarts">Agent starts that found this execution in the middle of activation or trial.</param>
/// <param name="Ms">Time spent while an agent ran, milliseconds, when this state began.</param>
internal sealed record ExecutionRecord(
    int V, WireId Job, int Attempt, DateTimeOffset Deadline, ExecutionState State,
    WireId? Release = null, long? Revision = null, string? Code = null, string? Detail = null, int CrashedStarts = 0, long Ms = 0)
{
    /// <summary>Version written today.</summary>
    public const int FormatVersion = 1;

    /// <summary>True for the same job and attempt.</summary>
    public bool Is(WireId job, int attempt) => Job == job && Attempt == attempt;

    /// <summary>The next state; a reason replaces the earlier one.</summary>
    public ExecutionRecord To(ExecutionState state, string? code = null, string? detail = null) =>
        this with { State = state, Code = code ?? Code, Detail = detail ?? Detail };

    /// <summary>As the controller is told.</summary>
    /// <param name="percent">Progress, only while downloading.</param>
    /// <param name="ms">Time since the job was taken on, milliseconds.</param>
    /// <param name="now">Device clock, UTC.</param>
    public JobStatus ToStatus(int? percent, long ms, DateTimeOffset now) => new(
        JobStatus.MessageVersion, Job, Attempt, Release, State, State == ExecutionState.Downloading ? percent : null, Code, Detail, ms, now);
}
