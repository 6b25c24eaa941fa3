namespace InstantNet.Contracts.Messages;

/// <summary>Facts about <see cref="ExecutionState"/>.</summary>
public static class ExecutionStates
{
    /// <summary>True when the execution will not change any more.</summary>
    public static bool IsFinal(this ExecutionState state) => state
        is ExecutionState.Committed or ExecutionState.Rejected or ExecutionState.Failed or ExecutionState.TimedOut
        or ExecutionState.Cancelled or ExecutionState.RolledBack or ExecutionState.Inconsistent;

    /// <summary>True for a final state that is not the good one.</summary>
    public static bool IsBadEnd(this ExecutionState state) => state.IsFinal() && state != ExecutionState.Committed;
}
