using System.Collections.Concurrent;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Mqtt;
using InstantNet.Contracts.Releases;
using Microsoft.Extensions.Logging;

namespace InstantNet.Agent.Delivery;

/// <summary>Fetches the missing chunks of a blob from the broker's retained messages, a window at a time, no faster than allowed.</summary>
/// <param name="link">To the broker.</param>
/// <param name="topics">Of this tenant.</param>
/// <param name="settings">Window and rate.</param>
/// <param name="log">Diagnostics.</param>
/// <param name="time">Clock.</param>
internal sealed partial class ChunkFetcher(IMessageLink link, Topics topics, DeliverySettings settings, ILogger<ChunkFetcher> log, TimeProvider time)
    : IBlobSource
{
    /// <summary>A chunk that has not come after this time is asked for again.</summary>
    public static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(15);

    private readonly TransferPacing _pacing = new(settings.MaxBytesPerSecond, time);
    private long _ignored;

    /// <summary>Chunks thrown away because their length is not what the manifest says.</summary>
    public long Ignored => Interlocked.Read(ref _ignored);

    /// <inheritdoc/>
    public string Name => "the broker";

    /// <inheritdoc/>
    public bool IsReachable => link.Status.IsConnected;

    /// <inheritdoc/>
    public async Task<DeliveryFault?> FetchAsync(BlobRef blob, PartialBlob partial, Action arrived, CancellationToken cancellationToken)
    {
        try
        {
            await FetchChunksAsync(blob.Sha256, partial, arrived, cancellationToken);
            return null;
        }
        catch (MqttException e)
        {
            return new DeliveryFault(DeliveryFault.BlobRefused, e.Message);
        }
    }

    private async Task FetchChunksAsync(string sha256, PartialBlob partial, Action arrived, CancellationToken cancellationToken)
    {
        ConcurrentQueue<int> missing = new(partial.Missing());
        // Dispatch of the link calls one handler after the other, but a late one may meet a chunk that is being asked for again.
        Lock writing = new();
        bool Write(int index, ReadOnlySpan<byte> chunk)
        {
            lock (writing)
            {
                if (!partial.TryWrite(index, chunk))
                    return false;
                arrived();
                return true;
            }
        }

        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        async Task WorkAsync()
        {
            try
            {
                while (missing.TryDequeue(out int index))
                    await FetchChunkAsync(topics.Chunk(sha256, index), index, partial.ChunkLength(index), Write, stop.Token);
            }
            catch
            {
                await stop.CancelAsync();
                throw;
            }
        }

        // A fault of one worker cancels the others; WhenAll then throws the fault, not the cancellations.
        await Task.WhenAll(Enumerable.Range(0, settings.WindowChunks).Select(_ => WorkAsync()));
    }

    private async Task FetchChunkAsync(string topic, int index, int length, ChunkWriter write, CancellationToken cancellationToken)
    {
        await _pacing.WaitAsync(length, cancellationToken);
        TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ValueTask OnChunk(MqttMessage message, CancellationToken _)
        {
            try
            {
                if (write(index, message.Payload.Span))
                    arrived.TrySetResult();
                else
                    Ignore(topic, message.Payload.Length, length);
            }
            catch (IOException e)
            {
                arrived.TrySetException(e);
            }

            return ValueTask.CompletedTask;
        }

        while (!arrived.Task.IsCompleted)
        {
            await link.SubscribeAsync(topic, MqttQos.AtLeastOnce, OnChunk, cancellationToken);
            try
            {
                await arrived.Task.WaitAsync(AskAgainAfter, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                LogAskAgain(topic);
            }
            finally
            {
                // Also when cancelled: a forgotten subscription would bring the chunk again after every reconnect.
                await link.UnsubscribeAsync(topic, CancellationToken.None);
            }
        }

        await arrived.Task;
    }

    private void Ignore(string topic, int length, int expected)
    {
        Interlocked.Increment(ref _ignored);
        LogIgnored(topic, length, expected);
    }

    private delegate bool ChunkWriter(int index, ReadOnlySpan<byte> chunk);

    [LoggerMessage(1110, LogLevel.Warning, "Chunk {Topic} is ignored: {Length} bytes, {Expected} are expected")]
    private partial void LogIgnored(string topic, int length, int expected);

    [LoggerMessage(1111, LogLevel.Debug, "Chunk {Topic} has not come; asking again")]
    private partial void LogAskAgain(string topic);
}
