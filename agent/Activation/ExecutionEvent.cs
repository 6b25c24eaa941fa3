using InstantNet.Contracts;

namespace InstantNet.Agent.Activation;

/// <summary>What can happen to an execution.</summary>
internal abstract record ExecutionEvent
{
    private ExecutionEvent() { }

    /// <summary>The agent started and found the record on disk.</summary>
    internal sealed record Started : ExecutionEvent;

    /// <summary>The controller offers a job.</summary>
    /// <param name="Job">Id of the job.</param>
    /// <param name="Attempt">From 1.</param>
    /// <param name="Deadline">UTC.</param>
    /// <param name="LastGoodLost">True when the last good release is damaged, so that even a job already done is worth doing again.</param>
    internal sealed record Offered(WireId Job, int Attempt, DateTimeOffset Deadline, bool LastGoodLost) : ExecutionEvent;

    /// <summary>The controller has no job for this device any more, or another one.</summary>
    internal sealed record Withdrawn(string Detail) : ExecutionEvent;

    /// <summary>The time of the state or of the job is over.</summary>
    internal sealed record DeadlinePassed(string Detail) : ExecutionEvent;

    /// <summary>The manifest is authentic and made for this device.</summary>
    internal sealed record Trusted(WireId Release, long Revision, bool AlreadyServes) : ExecutionEvent;

    /// <summary>The manifest is refused for good.</summary>
    internal sealed record Refused(string Code, string Detail) : ExecutionEvent;

    /// <summary>The work of the present state is done.</summary>
    internal sealed record StepDone : ExecutionEvent;

    /// <summary>The work of the present state failed.</summary>
    internal sealed record StepFailed(string Code, string Detail) : ExecutionEvent;

    /// <summary>The device does not allow an activation now.</summary>
    internal sealed record Held : ExecutionEvent;
}
