using InstantNet.Contracts.Messages;

namespace InstantNet.Agent.AzureIotHub;

/// <summary>Where whole jobs go, and what is told of the others. Thread safe.</summary>
internal interface IJobBoard
{
    /// <summary>The last state of any job that was offered; null before the first.</summary>
    JobStatus? Status { get; }

    /// <summary>Hands a whole job on.</summary>
    ValueTask OfferAsync(JobOffer offer, CancellationToken cancellationToken);

    /// <summary>There is no job any more.</summary>
    ValueTask WithdrawAsync(CancellationToken cancellationToken);

    /// <summary>Tells of a job that was not offered; waits for a connection.</summary>
    ValueTask PostAsync(JobStatus status, CancellationToken cancellationToken);
}
