using System.Collections.Concurrent;
using System.Text.Json;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Releases;
using InstantNet.Controller.Broker;
using InstantNet.Controller.Fleet;
using InstantNet.Controller.Releases;

namespace InstantNet.Controller.Jobs;

/// <summary>The one current job on the wire; nothing once it has ended.</summary>
internal sealed class JobDocument(Topics topics, ReleaseLibrary releases) : IRetainedDocument
{
    private const int MaxCached = 16;

    // A wave's offers are equal for all its devices, and hold a whole manifest.
    private readonly ConcurrentDictionary<(WireId Job, int Attempt, DateTimeOffset Deadline), byte[]> _offers = new();

    /// <inheritdoc/>
    public string Topic(WireId device) => topics.Job(device);

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Compose(LiveDevice device)
    {
        if (device.Execution is not { } execution || execution.State.IsFinal() || !releases.TryGet(execution.Release, out TrustedRelease? release))
            return default;
        if (_offers.Count > MaxCached)
            _offers.Clear();
        return _offers.GetOrAdd((execution.Job, execution.Attempt, execution.Deadline), _ => Offer(execution, release.Envelope));
    }

    private static byte[] Offer(CurrentExecution execution, SignedManifest envelope) => JsonSerializer.SerializeToUtf8Bytes(
        new JobOffer(
            JobOffer.MessageVersion, execution.Job, execution.Attempt, execution.Deadline, envelope.Manifest, envelope.Signature, envelope.KeyId,
            execution.BlobUrl),
        WireJson.Default.JobOffer);
}
