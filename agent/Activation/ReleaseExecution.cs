using InstantNet.Agent.Delivery;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Releases;

namespace InstantNet.Agent.Activation;

/// <summary>Does the work of every state on the real device.</summary>
/// <param name="manifests">Manifests on disk.</param>
/// <param name="staging">First half.</param>
/// <param name="activation">Second half.</param>
/// <param name="lastGood">What the device falls back to.</param>
/// <param name="space">Frees disk space.</param>
internal sealed class ReleaseExecution(
    ManifestShelf manifests, ReleaseStaging staging, ReleaseActivation activation, LastGoodRelease lastGood, UnneededBlobs space) : IExecutionWork
{
    /// <inheritdoc/>
    public bool LastGoodIsLost => lastGood.IsLost;

    /// <inheritdoc/>
    public void Keep(JobOffer offer) => manifests.WriteOffer(offer);

    /// <summary>Finishes a commit that a crash interrupted; to be called before the last good release is restored.</summary>
    public void FinishCommit(ExecutionRecord? record)
    {
        if (record is not { State: ExecutionState.Committed })
            return;
        if (staging.Trusted(record).Release is not { } release)
            return;
        try
        {
            _ = activation.Promote(release);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A device whose disk refuses serves what it has; the loop finishes the commit, and says why it has not yet.
        }
    }

    /// <inheritdoc/>
    public async Task<ExecutionEvent> PerformAsync(
        ExecutionAction action, ExecutionRecord record, Action<int> progress, CancellationToken cancellationToken)
    {
        try
        {
            return await DoAsync(action, record, progress, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && !record.State.IsFinal())
        {
            return new ExecutionEvent.StepFailed(DeliveryFault.DiskFailed, e.Message);
        }
    }

    private async Task<ExecutionEvent> DoAsync(
        ExecutionAction action, ExecutionRecord record, Action<int> progress, CancellationToken cancellationToken)
    {
        switch (action)
        {
            case ExecutionAction.VerifyManifest:
                return staging.VerifyManifest(record, activation.Serves);
            case ExecutionAction.CheckSpace:
                return await staging.CheckSpaceAsync(record, cancellationToken);
            case ExecutionAction.Download:
                return await staging.DownloadAsync(record, progress, cancellationToken);
            case ExecutionAction.VerifyBlobs:
                return await staging.VerifyBlobsAsync(record, cancellationToken);
            case ExecutionAction.AskHold:
                return activation.AskHold();
            case ExecutionAction.AwaitRelease:
                return await activation.AwaitReleaseAsync(cancellationToken);
            case ExecutionAction.Load:
                (TrustedRelease? release, ExecutionEvent? fault) = staging.Trusted(record);
                return release is null ? fault! : await activation.LoadAsync(release, cancellationToken);
            case ExecutionAction.Try:
                return await activation.TryAsync(cancellationToken);
            case ExecutionAction.RollBack:
                return await activation.RollBackAsync(cancellationToken);
            case ExecutionAction.Promote:
                if (staging.Trusted(record).Release is { } committed)
                {
                    if (activation.Promote(committed))
                        await activation.CatchUpAsync(cancellationToken);
                    space.Collect();
                }

                break;
            case ExecutionAction.Drop:
                await activation.DropAsync();
                break;
            case ExecutionAction.Discard:
                await activation.DropAsync();
                space.Discard(record);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(action), action, "No work is defined for this action.");
        }

        return new ExecutionEvent.StepDone();
    }
}
