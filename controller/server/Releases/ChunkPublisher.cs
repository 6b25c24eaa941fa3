using System.Collections.Concurrent;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Mqtt;
using InstantNet.Contracts.Releases;
using InstantNet.Controller.Broker;

namespace InstantNet.Controller.Releases;

/// <summary>Puts blobs into the broker, chunk by retained chunk, once for the whole fleet. Thread safe.</summary>
/// <remarks>A blob's last chunk is sent when all others are acknowledged: a broker that has the last one has them all.</remarks>
internal sealed partial class ChunkPublisher : IDisposable
{
    private const int WindowChunks = 16;
    private readonly ControllerLink _controller;
    private readonly BrokerMemory _memory;
    private readonly BlobStore _blobs;
    private readonly Topics _topics;
    private readonly ILogger<ChunkPublisher> _log;
    private readonly SemaphoreSlim _oneAtATime = new(1);

    // What the broker is known to hold since the last connect; it may have lost everything before that.
    private readonly ConcurrentDictionary<string, bool> _held = new(StringComparer.Ordinal);
    private int _losses;

    public ChunkPublisher(ControllerLink controller, BrokerMemory memory, BlobStore blobs, Topics topics, ILogger<ChunkPublisher> log)
    {
        _controller = controller;
        _memory = memory;
        _blobs = blobs;
        _topics = topics;
        _log = log;
        controller.Link.StatusChanged += (_, status) =>
        {
            if (status.IsConnected)
                return;
            Interlocked.Increment(ref _losses);
            _held.Clear();
        };
    }

    /// <summary>Returns when the broker holds every chunk of a release.</summary>
    public async Task EnsureAsync(ReleaseManifest manifest, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            List<BlobRef> unknown = ReleaseBlobs.Of(manifest).Where(b => !_held.ContainsKey(b.Sha256)).ToList();
            if (unknown.Count == 0)
                return;
            int losses = Volatile.Read(ref _losses);
            IReadOnlySet<string> present = await _memory.PresentAsync(unknown.Select(b => LastChunk(b, manifest.ChunkBytes)).ToList(), cancellationToken);
            foreach (BlobRef blob in unknown)
            {
                if (!present.Contains(LastChunk(blob, manifest.ChunkBytes)))
                    await PublishAsync(blob, manifest.ChunkBytes, cancellationToken);
                // When the link broke meanwhile, the broker may have restarted in the middle of the blob: the next call looks again.
                if (losses == Volatile.Read(ref _losses))
                    _held[blob.Sha256] = true;
            }
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Makes the broker forget the blobs of a release that no other one needs.</summary>
    public async Task ClearAsync(ReleaseManifest retired, IEnumerable<ReleaseManifest> inUse, CancellationToken cancellationToken)
    {
        HashSet<string> needed = inUse.SelectMany(ReleaseBlobs.Of).Select(b => b.Sha256).ToHashSet(StringComparer.Ordinal);
        foreach (BlobRef blob in ReleaseBlobs.Of(retired).Where(b => !needed.Contains(b.Sha256)))
        {
            // The last chunk first: what is left of a clearing that was cut short must not look whole.
            for (int chunk = BlobHash.ChunkCount(blob, retired.ChunkBytes) - 1; chunk >= 0; chunk--)
                await SendAsync(blob, chunk, ReadOnlyMemory<byte>.Empty, cancellationToken);
            _held.TryRemove(blob.Sha256, out _);
            LogCleared(blob.Sha256);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _oneAtATime.Dispose();

    private string LastChunk(BlobRef blob, int chunkBytes) => _topics.Chunk(blob.Sha256, BlobHash.ChunkCount(blob, chunkBytes) - 1);

    private async Task PublishAsync(BlobRef blob, int chunkBytes, CancellationToken cancellationToken)
    {
        await using FileStream file = File.OpenRead(_blobs.PathOf(blob.Sha256));
        int count = BlobHash.ChunkCount(blob, chunkBytes);
        List<Task> window = new(WindowChunks);
        for (int chunk = 0; chunk < count; chunk++)
        {
            byte[] bytes = new byte[Math.Min(chunkBytes, blob.Size - ((long)chunk * chunkBytes))];
            await file.ReadExactlyAsync(bytes, cancellationToken);
            if (window.Count == WindowChunks || chunk == count - 1)
            {
                await Task.WhenAll(window);
                window.Clear();
            }

            window.Add(SendAsync(blob, chunk, bytes, cancellationToken));
        }

        await Task.WhenAll(window);
        LogPublished(blob.Sha256, blob.Size, count);
    }

    private async Task SendAsync(BlobRef blob, int chunk, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        await _controller.Link.PublishAsync(
            new MqttPublish(_topics.Chunk(blob.Sha256, chunk), bytes, MqttQos.AtLeastOnce, Retain: true), cancellationToken);

    [LoggerMessage(411, LogLevel.Information, "Blob {Sha256}, {Bytes} bytes, went to the broker in {Chunks} chunks.")]
    private partial void LogPublished(string sha256, long bytes, int chunks);

    [LoggerMessage(412, LogLevel.Information, "Blob {Sha256} was cleared from the broker.")]
    private partial void LogCleared(string sha256);
}
