using InstantNet.Agent.Delivery;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Releases;

namespace InstantNet.Agent.Activation;

/// <summary>The first half of an execution: from an offered manifest to verified blobs on disk.</summary>
/// <param name="manifests">Holds the offer.</param>
/// <param name="gate">Decides on trust.</param>
/// <param name="delivery">Fetches blobs.</param>
/// <param name="blobs">Where blobs lie.</param>
internal sealed class ReleaseStaging(ManifestShelf manifests, ReleaseGate gate, BlobDelivery delivery, BlobShelf blobs)
{
    /// <summary>Code of a job whose URL of blobs is not acceptable.</summary>
    public const string BadBlobUrl = nameof(BadBlobUrl);

    private const string OfferLost = nameof(OfferLost);

    private (ExecutionRecord Of, TrustedRelease Release, string? BlobUrl)? _trusted;

    /// <summary>Verifies the offered manifest.</summary>
    /// <param name="record">Which job.</param>
    /// <param name="alreadyServes">Whether a release needs no work any more.</param>
    public ExecutionEvent VerifyManifest(ExecutionRecord record, Func<TrustedRelease, bool> alreadyServes)
    {
        (TrustedRelease? release, ExecutionEvent? fault) = Trusted(record);
        if (release is null)
            return fault!;
        return UrlOf(out _) is { } complaint
            ? new ExecutionEvent.Refused(BadBlobUrl, complaint)
            : new ExecutionEvent.Trusted(release.Manifest.Release, release.Manifest.Revision, alreadyServes(release));
    }

    /// <summary>The release of a job, verified once in each run of the agent; or why it is not to be had.</summary>
    public (TrustedRelease? Release, ExecutionEvent? Fault) Trusted(ExecutionRecord record)
    {
        if (_trusted is { } known && known.Of.Is(record.Job, record.Attempt))
            return (known.Release, null);
        if (manifests.TryReadOffer(record.Job, record.Attempt) is not { } offer)
            return (null, new ExecutionEvent.StepFailed(OfferLost, "The manifest of the job is damaged on disk."));
        // A commit that a crash interrupted was decided when the release was valid.
        TrustedRelease? release;
        ReleaseRejection rejection = record.State == ExecutionState.Committed ? gate.VerifyInstalled(offer.Envelope, out release) : gate.Verify(offer.Envelope, out release);
        if (release is null)
        {
            string sentence = gate.SentenceOf(rejection);
            return (null, record.State == ExecutionState.Queued && ReleaseGate.IsFinal(rejection)
                ? new ExecutionEvent.Refused(rejection.ToString(), sentence)
                : new ExecutionEvent.StepFailed(rejection.ToString(), sentence));
        }

        _trusted = (record, release, offer.BlobUrl);
        return (release, null);
    }

    /// <summary>Sees whether the disk has room.</summary>
    public async Task<ExecutionEvent> CheckSpaceAsync(ExecutionRecord record, CancellationToken cancellationToken)
    {
        (TrustedRelease? release, ExecutionEvent? fault) = Trusted(record);
        return release is null ? fault! : EventOf(await delivery.CheckSpaceAsync(gate.BlobsOf(release), cancellationToken));
    }

    /// <summary>Fetches what is missing.</summary>
    public async Task<ExecutionEvent> DownloadAsync(ExecutionRecord record, Action<int> progress, CancellationToken cancellationToken)
    {
        (TrustedRelease? release, ExecutionEvent? fault) = Trusted(record);
        if (release is null)
            return fault!;
        if (UrlOf(out BlobUrlTemplate? url) is { } complaint)
            return new ExecutionEvent.StepFailed(BadBlobUrl, complaint);
        return EventOf(await delivery.FetchAsync(gate.BlobsOf(release), release.Manifest.ChunkBytes, url, progress, cancellationToken));
    }

    /// <summary>Checks every blob on disk against the manifest.</summary>
    public async Task<ExecutionEvent> VerifyBlobsAsync(ExecutionRecord record, CancellationToken cancellationToken)
    {
        (TrustedRelease? release, ExecutionEvent? fault) = Trusted(record);
        if (release is null)
            return fault!;
        return await blobs.FirstLackingAsync(gate.BlobsOf(release), cancellationToken) is { } lacking
            ? new ExecutionEvent.StepFailed(DeliveryFault.BlobCorrupt, $"Blob {lacking.Sha256} changed on disk after it was verified.")
            : new ExecutionEvent.StepDone();
    }

    /// <summary>The URL that the trusted job names; null when it names none.</summary>
    private string? UrlOf(out BlobUrlTemplate? url)
    {
        url = null;
        return _trusted is { BlobUrl: { } text } ? BlobUrlTemplate.Read(text, out url) : null;
    }

    private static ExecutionEvent EventOf(DeliveryFault? fault) =>
        fault is null ? new ExecutionEvent.StepDone() : new ExecutionEvent.StepFailed(fault.Code, fault.Detail);
}
