using System.Buffers.Binary;

namespace InstantNet.Agent.Telemetry;

/// <summary>The books of a spool: which samples were made, batched, acknowledged, lost. Every change is one call that a log can repeat.</summary>
/// <remarks>Samples are numbered from 1 in the order they were made. At all times Produced = Acknowledged + Dropped + samples still held.</remarks>
/// <param name="epoch">Identity of the spool.</param>
internal sealed class SpoolLedger(long epoch)
{
    private const int FieldBytes = sizeof(long);
    private const int FixedFields = 7;
    private const int BatchFields = 3;
    private readonly List<SealedBatch> _sealed = [];

    /// <summary>Identity of the spool.</summary>
    public long Epoch { get; } = epoch;

    /// <summary>Samples made; also the number of the last one.</summary>
    public long Produced { get; private set; }

    /// <summary>Samples whose arrival was confirmed.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>Samples lost because the spool was full or its disk damaged.</summary>
    public long Dropped { get; private set; }

    /// <summary>Number of the last batch; 0 before the first.</summary>
    public long LastSeq { get; private set; }

    /// <summary>First sample that is in no batch yet.</summary>
    public long FirstLoose { get; private set; } = 1;

    /// <summary>Batches without acknowledgement, in order.</summary>
    public IReadOnlyList<SealedBatch> Sealed => _sealed;

    /// <summary>Samples in no batch yet.</summary>
    public long Loose => Produced - FirstLoose + 1;

    /// <summary>First sample that is still needed.</summary>
    public long FirstHeld => _sealed.Count > 0 ? _sealed[0].First : FirstLoose;

    /// <summary>A sample was made.</summary>
    public void Produce() => Produced++;

    /// <summary>The next samples become a batch.</summary>
    public SealedBatch Seal(int count)
    {
        SealedBatch batch = new(++LastSeq, FirstLoose, count);
        _sealed.Add(batch);
        FirstLoose += count;
        return batch;
    }

    /// <summary>Every batch up to this one has arrived.</summary>
    /// <returns>False when that was known.</returns>
    public bool Acknowledge(long seq)
    {
        int arrived = 0;
        while (arrived < _sealed.Count && _sealed[arrived].Seq <= seq)
            Acknowledged += _sealed[arrived++].Count;
        _sealed.RemoveRange(0, arrived);
        return arrived > 0;
    }

    /// <summary>Samples up to this one are lost; a batch that loses one loses all, for a batch never changes its samples.</summary>
    /// <returns>False when none of them was needed any more.</returns>
    public bool DropThrough(long sample)
    {
        if (FirstHeld > Math.Min(sample, Produced))
            return false;
        while (_sealed.Count > 0 && _sealed[0].First <= sample)
        {
            Dropped += _sealed[0].Count;
            _sealed.RemoveAt(0);
        }

        long loose = Math.Max(0, Math.Min(sample, Produced) - FirstLoose + 1);
        Dropped += loose;
        FirstLoose += loose;
        return true;
    }

    /// <summary>The whole books as bytes, for the head of a segment.</summary>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[(FixedFields + BatchFields * _sealed.Count) * FieldBytes];
        int at = 0;
        foreach (long field in (ReadOnlySpan<long>)[Epoch, Produced, Acknowledged, Dropped, LastSeq, FirstLoose, _sealed.Count])
            Put(bytes, ref at, field);
        foreach (SealedBatch batch in _sealed)
        {
            Put(bytes, ref at, batch.Seq);
            Put(bytes, ref at, batch.First);
            Put(bytes, ref at, batch.Count);
        }

        return bytes;
    }

    /// <summary>Reads <see cref="ToBytes"/>; null when it is something else.</summary>
    public static SpoolLedger? TryRead(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < FixedFields * FieldBytes || bytes.Length % FieldBytes != 0)
            return null;
        int at = 0;
        SpoolLedger ledger = new(Take(bytes, ref at))
        {
            Produced = Take(bytes, ref at),
            Acknowledged = Take(bytes, ref at),
            Dropped = Take(bytes, ref at),
            LastSeq = Take(bytes, ref at),
            FirstLoose = Take(bytes, ref at),
        };
        long batches = Take(bytes, ref at);
        if (batches * BatchFields * FieldBytes != bytes.Length - at)
            return null;
        for (long i = 0; i < batches; i++)
            ledger._sealed.Add(new SealedBatch(Take(bytes, ref at), Take(bytes, ref at), (int)Take(bytes, ref at)));
        return ledger;
    }

    private static void Put(Span<byte> bytes, ref int at, long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(bytes[at..], value);
        at += FieldBytes;
    }

    private static long Take(ReadOnlySpan<byte> bytes, ref int at)
    {
        long value = BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);
        at += FieldBytes;
        return value;
    }
}

/// <summary>A batch that has its number and therefore its samples for good.</summary>
/// <param name="Seq">Number within the epoch.</param>
/// <param name="First">Number of its first sample.</param>
/// <param name="Count">Samples, 1 or more.</param>
internal readonly record struct SealedBatch(long Seq, long First, int Count);
