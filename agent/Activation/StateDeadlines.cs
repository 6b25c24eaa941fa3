using InstantNet.Contracts.Messages;

namespace InstantNet.Agent.Activation;

/// <summary>How long a state may last, counted on the monotonic clock from its beginning or from the agent's start.</summary>
internal static class StateDeadlines
{
    /// <summary>Longest time in a state; null for final states.</summary>
    public static TimeSpan? Of(ExecutionState state) => state switch
    {
        ExecutionState.Queued => TimeSpan.FromMinutes(1),
        ExecutionState.Accepted => TimeSpan.FromMinutes(5), // Hashes what is on disk already.
        ExecutionState.Downloading => TimeSpan.FromDays(7), // Metered links are slow; the job's own deadline is the tight one.
        ExecutionState.Verifying => TimeSpan.FromMinutes(15),
        ExecutionState.Staged => TimeSpan.FromMinutes(1),
        ExecutionState.Deferred => TimeSpan.FromHours(24),
        ExecutionState.Activating => TimeSpan.FromMinutes(10),
        ExecutionState.Trial => TimeSpan.FromMinutes(30),
        ExecutionState.RollingBack => TimeSpan.FromMinutes(10),
        _ => null,
    };

    /// <summary>What is left for a state when it begins: its own limit or the job's deadline, whichever is sooner; null for final states.</summary>
    /// <remarks>Rolling back is not bound by the job: the device must come to rest however late it is.</remarks>
    public static TimeSpan? Remaining(ExecutionRecord record, DateTimeOffset now)
    {
        if (Of(record.State) is not { } limit || record.State == ExecutionState.RollingBack)
            return Of(record.State);
        TimeSpan job = record.Deadline - now;
        return job < limit ? (job > TimeSpan.Zero ? job : TimeSpan.Zero) : limit;
    }
}
