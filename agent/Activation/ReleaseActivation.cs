using InstantNet.Agent.Delivery;
using InstantNet.Agent.Inference;
using InstantNet.Contracts.Releases;

namespace InstantNet.Agent.Activation;

/// <summary>The second half of an execution: from verified blobs to the release in service, or back.</summary>
/// <param name="server">Loads, tries and swaps.</param>
/// <param name="lastGood">What the device falls back to.</param>
/// <param name="blobs">Where blobs lie.</param>
/// <param name="hold">Whether the device allows an activation.</param>
internal sealed class ReleaseActivation(IModelServer server, LastGoodRelease lastGood, BlobShelf blobs, ActivationHold hold) : IAsyncDisposable
{
    private const string LoadFailed = nameof(LoadFailed);
    private const string TrialFailed = nameof(TrialFailed);
    private const string LastGoodLost = nameof(LastGoodLost);

    private ICandidateRelease? _candidate;

    /// <summary>True when exactly this release serves and is the last good one.</summary>
    public bool Serves(TrustedRelease release) =>
        !lastGood.IsLost && lastGood.Id == release.Manifest.Release && server.Serving is { } serving
        && serving.Release == release.Manifest.Release && serving.Revision == release.Manifest.Revision;

    /// <summary>Asks the device.</summary>
    public ExecutionEvent AskHold() => hold.IsHeld ? new ExecutionEvent.Held() : new ExecutionEvent.StepDone();

    /// <summary>Waits for the device.</summary>
    public async Task<ExecutionEvent> AwaitReleaseAsync(CancellationToken cancellationToken)
    {
        await hold.AwaitReleaseAsync(cancellationToken);
        return new ExecutionEvent.StepDone();
    }

    /// <summary>Loads the release beside the serving one.</summary>
    public async Task<ExecutionEvent> LoadAsync(TrustedRelease release, CancellationToken cancellationToken)
    {
        try
        {
            await DropAsync();
            _candidate = await server.LoadAsync(release, blobs.PathOf, cancellationToken);
            return new ExecutionEvent.StepDone();
        }
        catch (ReleaseUnusableException e)
        {
            return new ExecutionEvent.StepFailed(LoadFailed, e.Message);
        }
    }

    /// <summary>Serves real frames beside the serving release.</summary>
    public async Task<ExecutionEvent> TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            string? fault = await _candidate!.TryAsync(cancellationToken);
            return fault is null ? new ExecutionEvent.StepDone() : new ExecutionEvent.StepFailed(TrialFailed, fault);
        }
        catch (ReleaseUnusableException e)
        {
            return new ExecutionEvent.StepFailed(TrialFailed, e.Message);
        }
    }

    /// <summary>Moves the last-good pointer, then swaps. After a crash in between only the pointer is left to move: the start then serves it.</summary>
    /// <returns>True when the pointer moved now and there is nothing loaded to swap to: a commit that an earlier run could not finish.</returns>
    public bool Promote(TrustedRelease release)
    {
        bool moved = lastGood.Promote(release);
        if (_candidate is null)
            return moved;
        _candidate.Commit();
        _candidate = null;
        lastGood.Serves();
        return false;
    }

    /// <summary>Serves what was promoted without being loaded.</summary>
    public Task CatchUpAsync(CancellationToken cancellationToken) => lastGood.RestoreAsync(cancellationToken);

    /// <summary>Frees the candidate and makes sure that the last good release serves.</summary>
    public async Task<ExecutionEvent> RollBackAsync(CancellationToken cancellationToken)
    {
        await DropAsync();
        if (server.Serving is not null)
            return new ExecutionEvent.StepDone();
        string? fault = await lastGood.RestoreAsync(cancellationToken);
        return fault is null ? new ExecutionEvent.StepDone() : new ExecutionEvent.StepFailed(LastGoodLost, fault);
    }

    /// <summary>Frees the candidate.</summary>
    public async Task DropAsync()
    {
        if (_candidate is { } candidate)
        {
            _candidate = null;
            await candidate.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await DropAsync();
}
