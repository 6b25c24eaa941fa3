using InstantNet.Contracts.Messages;

namespace InstantNet.Agent.Activation;

/// <summary>Takes what the controller is to know of an execution. Thread safe; returns at once.</summary>
internal interface IExecutionReports
{
    /// <summary>A state was entered, or a download went on.</summary>
    void Post(JobStatus status);

    /// <summary>The disk refuses the durable state, for this reason; null when it works again.</summary>
    void Disk(string? fault);
}
