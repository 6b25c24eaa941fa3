using System.Security.Cryptography;
using System.Text.Json;
using System.Threading.Channels;
using InstantNet.Contracts.Messages;

namespace InstantNet.Agent.Telemetry;

/// <summary>Keeps telemetry on disk until its arrival is confirmed: every sample durable before it can be sent, every batch the same whenever it is
/// sent. Thread safe.</summary>
/// <remarks>
/// A log in a few files. kill -9 at any moment loses no sample that <see cref="Append"/> returned from and reuses no batch number.
/// When full, the oldest file goes, counted in <see cref="TelemetryBatch.Dropped"/>; a batch that loses one sample is lost whole.
/// The pump: wait with <see cref="WaitForSamplesAsync"/>, take batches with <see cref="ReadNext"/> (start after batch 0 at each connection),
/// send, and <see cref="Acknowledge"/> in order.
/// </remarks>
internal sealed class TelemetrySpool : IDisposable
{
    // JSON numbers are exact up to 2^53 in every reader, so no larger identity is made.
    private const int EpochBits = 52;
    // Of a batch's JSON around its samples: names, and numbers of 20 digits at most.
    private const int EnvelopeBytes = 160;

    private readonly Lock _lock = new();
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly SpoolFiles _files;
    private bool _connected;
    private long _waitedThrough;

    private TelemetrySpool(SpoolFiles files, string? fault)
    {
        (_files, Fault) = (files, fault);
        _waitedThrough = files.Books.Produced;
        _signal.Writer.TryWrite(true);
    }

    /// <summary>What was found damaged when the spool was opened, as a sentence; null when nothing was.</summary>
    public string? Fault { get; }

    /// <summary>The books now.</summary>
    public SpoolCounters Counters
    {
        get
        {
            lock (_lock)
                return SpoolCounters.Of(_files.Books);
        }
    }

    /// <summary>Bytes of all files.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock)
                return _files.Bytes;
        }
    }

    /// <summary>Whether batches can be sent now. Samples that wait while it is false are sent as historic, and so are those found at the start.</summary>
    public bool Connected
    {
        get
        {
            lock (_lock)
                return _connected;
        }

        set
        {
            lock (_lock)
            {
                if (_connected && !value)
                    _waitedThrough = _files.Books.Produced;
                _connected = value;
            }
        }
    }

    /// <summary>Opens the spool of a folder, or makes one.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public static TelemetrySpool Open(SpoolOptions options)
    {
        SpoolFiles files = SpoolFiles.Open(options, NewEpoch, out string? fault);
        return new TelemetrySpool(files, fault);
    }

    /// <summary>Adds a sample; on the disk when it returns.</summary>
    /// <exception cref="IOException">No space or a failing disk; the sample is not counted as produced.</exception>
    public void Append(TelemetrySample sample)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(sample, WireJson.Default.TelemetrySample);
        lock (_lock)
        {
            _files.Produce(json);
            if (!_connected)
                _waitedThrough = _files.Books.Produced;
        }

        _signal.Writer.TryWrite(true);
    }

    /// <summary>Completes when a sample was added since it last completed, and once after the spool was opened. One waiter.</summary>
    public async Task WaitForSamplesAsync(CancellationToken cancellationToken) => await _signal.Reader.ReadAsync(cancellationToken);

    /// <summary>The unconfirmed batch after another one: as it was sent before, or a new one, whose number and samples are then on disk.</summary>
    /// <param name="afterSeq">Number of the batch before; 0 for the oldest unconfirmed one.</param>
    /// <param name="maxSamples">Most samples in a new batch, 1 to <see cref="TelemetryBatch.MaxSamples"/>.</param>
    /// <param name="mostBytes">Most bytes of a new batch's JSON. One sample that has more is a batch all the same: it is never divided.</param>
    /// <returns>Null when nothing waits.</returns>
    /// <exception cref="IOException">The disk refuses.</exception>
    public TelemetryBatch? ReadNext(long afterSeq, int maxSamples, int mostBytes = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxSamples);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxSamples, TelemetryBatch.MaxSamples);
        lock (_lock)
        {
            if (NextLocked(afterSeq, maxSamples, mostBytes) is not { } batch)
                return null;
            List<TelemetrySample> samples = [];
            foreach (byte[] json in _files.Read(batch))
                samples.Add(JsonSerializer.Deserialize(json, WireJson.Default.TelemetrySample)!);
            bool waited = batch.First <= _waitedThrough;
            return new TelemetryBatch(TelemetryBatch.MessageVersion, _files.Books.Epoch, batch.Seq, waited, _files.Books.Dropped, samples);
        }
    }

    /// <summary>This batch and all before it have arrived. Repeats and unknown numbers change nothing.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public void Acknowledge(long seq)
    {
        lock (_lock)
            _files.Acknowledge(seq);
    }

    /// <summary>Gives up a batch that cannot be sent, and all before it that has not arrived; counted in <see cref="TelemetryBatch.Dropped"/>.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public void GiveUp(long seq)
    {
        lock (_lock)
            _files.GiveUp(seq);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
            _files.Dispose();
    }

    private SealedBatch? NextLocked(long afterSeq, int maxSamples, int mostBytes)
    {
        SpoolLedger books = _files.Books;
        foreach (SealedBatch batch in books.Sealed)
        {
            if (batch.Seq > afterSeq)
                return batch;
        }

        if (books.Loose == 0)
            return null;
        long count = Math.Min(maxSamples, books.Loose);
        // A batch is historic or it is not: it ends where waiting samples end.
        if (books.FirstLoose <= _waitedThrough)
            count = Math.Min(count, _waitedThrough - books.FirstLoose + 1);
        return _files.Seal(_files.Fitting((int)count, mostBytes - EnvelopeBytes));
    }

    private static long NewEpoch() => 1 + (long)(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))) >> (64 - EpochBits));
}
