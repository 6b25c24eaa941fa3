using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using InstantNet.Agent.Activation;
using InstantNet.Agent.Delivery;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Releases;
using Microsoft.Extensions.Logging;

namespace InstantNet.Agent.AzureIotHub;

/// <summary>Makes whole jobs of those in the twin: fetches the manifest, and only then hands the job on. Thread safe.</summary>
/// <param name="manifests">Where manifests are fetched from.</param>
/// <param name="board">Takes whole jobs, and statuses of those that never become whole.</param>
/// <param name="log">Diagnostics.</param>
/// <param name="time">Clock.</param>
internal sealed partial class HubJobs(IManifestSource manifests, IJobBoard board, ILogger<HubJobs> log, TimeProvider time)
{
    /// <summary>Code of a job in the twin that cannot be read.</summary>
    public const string MalformedJob = nameof(MalformedJob);

    private readonly Lock _lock = new();
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private JsonObject? _latest;
    private bool _isKnown;
    private CancellationTokenSource? _fetching;

    /// <summary>The job that the twin has now; null for none. The same one again changes nothing.</summary>
    public void Set(JsonObject? job)
    {
        lock (_lock)
        {
            if (_isKnown && JsonNode.DeepEquals(_latest, job))
                return;
            (_latest, _isKnown) = (job?.DeepClone() as JsonObject, true);
            _fetching?.Cancel();
        }

        _signal.Writer.TryWrite(true);
    }

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _signal.Reader.ReadAsync(cancellationToken);
            using CancellationTokenSource fetching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            JsonObject? latest;
            lock (_lock)
                (latest, _fetching) = (_latest, fetching);
            try
            {
                if (latest is null)
                    await board.WithdrawAsync(fetching.Token);
                else
                    await BringAsync(latest, fetching.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Another job took its place.
            }
            finally
            {
                lock (_lock)
                    _fetching = null;
            }
        }
    }

    private async Task BringAsync(JsonObject raw, CancellationToken cancellationToken)
    {
        if (TryRead(raw) is not { } job)
            return;
        // Known since before a restart: it is told once more only to repair what was lost, and failing at that says nothing about it.
        bool isKnown = board.Status is { } status && status.Job == job.Job && status.Attempt == job.Attempt;
        if (FaultOf(job) is { } fault)
        {
            LogUnreadable(fault);
            if (!isKnown)
                await board.PostAsync(StatusOf(job, ExecutionState.Rejected, MalformedJob, fault), cancellationToken);
            return;
        }

        if (!isKnown)
            await board.PostAsync(StatusOf(job, ExecutionState.Queued, code: null, "The manifest is being fetched."), cancellationToken);
        (byte[]? manifest, DeliveryFault? failure) = await FetchAsync(job, cancellationToken);
        if (manifest is not null)
        {
            JobOffer offer = new(JobOffer.MessageVersion, job.Job, job.Attempt, job.Deadline, manifest, job.Signature, job.KeyId, job.BlobUrl);
            await board.OfferAsync(offer, cancellationToken);
        }
        else if (failure is not null)
        {
            LogNoManifest(job.Job.Value, failure.Detail);
            if (!isKnown)
                await board.PostAsync(StatusOf(job, ExecutionState.Failed, failure.Code, failure.Detail), cancellationToken);
        }
        else if (!isKnown)
        {
            const string Late = "The manifest could not be fetched before the job's deadline.";
            await board.PostAsync(StatusOf(job, ExecutionState.TimedOut, ExecutionMachine.DeadlinePassed, Late), cancellationToken);
        }
    }

    /// <returns>Neither when the deadline passed.</returns>
    private async Task<(byte[]? Manifest, DeliveryFault? Failure)> FetchAsync(TwinJob job, CancellationToken cancellationToken)
    {
        TimeSpan left = job.Deadline - time.GetUtcNow();
        using CancellationTokenSource deadline = new(left > TimeSpan.Zero ? Shorter(left) : TimeSpan.Zero, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await manifests.FetchAsync(job.Manifest, job.BlobUrl, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, null);
        }
    }

    // Timers reach no further than 49 days.
    private static TimeSpan Shorter(TimeSpan left) => left < TimeSpan.FromDays(40) ? left : TimeSpan.FromDays(40);

    private TwinJob? TryRead(JsonObject raw)
    {
        try
        {
            if (raw.Deserialize(WireJson.Default.TwinJob) is { Job: not null } job)
                return job;
            LogUnreadable("job is missing.");
            return null;
        }
        catch (JsonException e)
        {
            LogUnreadable(e.Message);
            return null;
        }
    }

    private static string? FaultOf(TwinJob job) => job switch
    {
        { V: not TwinJob.MessageVersion } => $"v is {job.V}: this agent reads {TwinJob.MessageVersion}.",
        { Attempt: < 1 } => $"attempt is {job.Attempt}: 1 or more is accepted.",
        { Manifest: null or { Sha256: null } } => "manifest is missing: sha256 and size are needed.",
        { Manifest.Size: < 1 or > ReleaseManifest.MaxBytes } => $"manifest.size is {job.Manifest.Size}: 1 to {ReleaseManifest.MaxBytes} bytes are accepted.",
        _ when !BlobHash.IsDigest(job.Manifest.Sha256) => "manifest.sha256 is not 64 lower-case hexadecimal digits.",
        { Signature: null } => "signature is missing.",
        { KeyId: null } => "keyId is missing.",
        { BlobUrl: null } => "blobUrl is missing: Azure IoT Hub carries no blobs.",
        _ => BlobUrlTemplate.Read(job.BlobUrl, out BlobUrlTemplate? _),
    };

    private JobStatus StatusOf(TwinJob job, ExecutionState state, string? code, string detail) =>
        new(JobStatus.MessageVersion, job.Job, job.Attempt, Release: null, state, Pct: null, code, detail, Ms: 0, time.GetUtcNow());

    [LoggerMessage(1720, LogLevel.Warning, "The job in the twin cannot be read: {Reason}")]
    private partial void LogUnreadable(string reason);

    [LoggerMessage(1721, LogLevel.Warning, "The manifest of job {Job} is not to be had: {Reason}")]
    private partial void LogNoManifest(string job, string reason);
}
