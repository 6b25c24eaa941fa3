using InstantNet.Contracts.Messages;

namespace InstantNet.Agent.Activation;

/// <summary>Does the work of each state. All work may be repeated after a crash. One call at a time.</summary>
internal interface IExecutionWork
{
    /// <summary>True while the last good release cannot be loaded.</summary>
    bool LastGoodIsLost { get; }

    /// <summary>Keeps the manifest of a job on disk, before the job is taken on.</summary>
    void Keep(JobOffer offer);

    /// <summary>Does one action.</summary>
    /// <param name="action">What to do.</param>
    /// <param name="record">The state, already on disk.</param>
    /// <param name="progress">Told 0..100 while downloading.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How it ended; for the actions of final states it is ignored.</returns>
    Task<ExecutionEvent> PerformAsync(ExecutionAction action, ExecutionRecord record, Action<int> progress, CancellationToken cancellationToken);
}
