using Microsoft.Win32.SafeHandles;

namespace InstantNet.Agent.Telemetry;

/// <summary>The files of a spool, oldest first, and the books they hold. Every change is on disk before it is in the books. Not thread safe.</summary>
internal sealed class SpoolFiles : IDisposable
{
    private readonly SpoolOptions _options;
    private readonly List<SpoolSegment> _segments;
    private SafeFileHandle _tail;
    private long _bytes;

    private SpoolFiles(SpoolOptions options, List<SpoolSegment> segments, SpoolLedger books)
    {
        (_options, _segments, Books) = (options, segments, books);
        _tail = OpenTail();
        _bytes = segments.Sum(s => (long)s.Bytes);
    }

    /// <summary>The books.</summary>
    public SpoolLedger Books { get; }

    /// <summary>Bytes of all files.</summary>
    public long Bytes => _bytes;

    /// <summary>Opens the files of a folder, or begins a new spool there. A torn end is cut off; what a damaged file lost is counted.</summary>
    /// <param name="options">Where.</param>
    /// <param name="newEpoch">Makes the identity of a new spool.</param>
    /// <param name="fault">What was damaged, as a sentence; null when nothing was.</param>
    /// <exception cref="IOException">The disk refuses.</exception>
    public static SpoolFiles Open(SpoolOptions options, Func<long> newEpoch, out string? fault)
    {
        Directory.CreateDirectory(options.Folder);
        SpoolSegment.RemoveUnfinished(options.Folder);
        fault = null;
        List<SpoolSegment> segments = [];
        SpoolLedger? books = null;
        long lostThrough = 0;
        foreach (string path in SpoolSegment.Find(options.Folder))
        {
            SpoolSegment? segment = SpoolSegment.TryRead(path, out books, out bool damaged);
            if (damaged)
                fault = $"The spool file '{path}' ends in {(segment is null ? "a damaged head" : "an entry that is cut off or damaged")}.";
            if (segment is null)
                continue;
            // Files follow each other without a gap in the numbers of their samples; what lies in a gap is lost, if anyone still needs it.
            if (segments.Count == 0 || segment.FirstSample > segments[^1].LastSample + 1)
                lostThrough = segment.FirstSample - 1;
            segments.Add(segment);
        }

        if (books is null)
        {
            // New, or the last file's head is gone: only a new identity is sure to number no batch twice.
            foreach (string path in SpoolSegment.Find(options.Folder))
                File.Delete(path);
            books = new SpoolLedger(newEpoch());
            segments = [SpoolSegment.Create(options.Folder, books)];
        }

        SpoolFiles files = new(options, segments, books);
        RandomAccess.SetLength(files._tail, segments[^1].Bytes);
        if (lostThrough >= books.FirstHeld)
            files.Drop(lostThrough);
        files.RemoveUnneeded();
        return files;
    }

    /// <summary>Appends a sample and waits until it is on the disk; makes room by dropping the oldest file when the spool is full, or that file too old.</summary>
    /// <param name="json">The sample.</param>
    public void Produce(ReadOnlySpan<byte> json)
    {
        byte[] record = SpoolRecord.Write(SpoolEntry.Sample, json);
        SpoolSegment tail = _segments[^1];
        if ((tail.Bytes + record.Length > _options.SegmentBytes || tail.Recorded >= _options.SegmentAge) && tail.LastSample >= tail.FirstSample)
            BeginSegment();
        while (_segments.Count > 1 && (_bytes + record.Length > _options.MaxBytes || RecordedAfterOldest() >= _options.MaxAge))
        {
            Drop(_segments[0].LastSample);
            RemoveOldest();
        }

        Append(SpoolEntry.Sample, record, flush: true);
        Books.Produce();
    }

    /// <summary>How many of the next samples fit a batch.</summary>
    /// <param name="count">Of those in no batch yet; 1 or more.</param>
    /// <param name="mostBytes">What their JSON may take together, with what separates them.</param>
    /// <returns>At least 1: a sample that is too large alone is not divided.</returns>
    public int Fitting(int count, int mostBytes)
    {
        long bytes = 0;
        int fitting = 0;
        for (long sample = Books.FirstLoose; fitting < count; sample++, fitting++)
        {
            bytes += 1 + _segments.First(s => s.LastSample >= sample).LengthOf(sample);
            if (bytes > mostBytes)
                break;
        }

        return Math.Max(1, fitting);
    }

    /// <summary>Gives up a batch and all samples before its end, for good.</summary>
    public void GiveUp(long seq)
    {
        foreach (SealedBatch batch in Books.Sealed.Where(b => b.Seq == seq).ToArray())
            Drop(batch.First + batch.Count - 1);
        RemoveUnneeded();
    }

    /// <summary>Makes the next samples a batch, on disk before anyone can send it.</summary>
    public SealedBatch Seal(int count)
    {
        Append(SpoolEntry.Seal, SpoolRecord.Write(SpoolEntry.Seal, count), flush: true);
        return Books.Seal(count);
    }

    /// <summary>Notes what arrived and removes files that nobody needs any more.</summary>
    /// <remarks>Not flushed: when a power cut takes the note, the batch is sent again and the receiver knows it by its number.</remarks>
    public void Acknowledge(long seq)
    {
        if (Books.Sealed.Count == 0 || Books.Sealed[0].Seq > seq)
            return;
        Append(SpoolEntry.Acknowledge, SpoolRecord.Write(SpoolEntry.Acknowledge, seq), flush: false);
        Books.Acknowledge(seq);
        RemoveUnneeded();
    }

    /// <summary>JSON of each sample of a batch.</summary>
    public List<byte[]> Read(SealedBatch batch)
    {
        List<byte[]> samples = new(batch.Count);
        long next = batch.First, end = batch.First + batch.Count;
        foreach (SpoolSegment segment in _segments)
        {
            if (segment.LastSample < next || next == end)
                continue;
            using SafeFileHandle file = File.OpenHandle(segment.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            for (; next < end && next <= segment.LastSample; next++)
                samples.Add(segment.ReadSample(file, next));
        }

        return samples;
    }

    /// <inheritdoc/>
    public void Dispose() => _tail.Dispose();

    private void Drop(long throughSample)
    {
        if (throughSample < Books.FirstHeld)
            return;
        Append(SpoolEntry.Drop, SpoolRecord.Write(SpoolEntry.Drop, throughSample), flush: true);
        Books.DropThrough(throughSample);
    }

    private void BeginSegment()
    {
        SpoolSegment segment = SpoolSegment.Create(_options.Folder, Books);
        _segments.Add(segment);
        _bytes += segment.Bytes;
        _tail.Dispose();
        _tail = OpenTail();
    }

    private void RemoveUnneeded()
    {
        while (_segments.Count > 1 && _segments[0].LastSample < Books.FirstHeld)
            RemoveOldest();
    }

    private void RemoveOldest()
    {
        File.Delete(_segments[0].Path);
        _bytes -= _segments[0].Bytes;
        _segments.RemoveAt(0);
    }

    private void Append(SpoolEntry kind, byte[] record, bool flush)
    {
        SpoolSegment tail = _segments[^1];
        RandomAccess.Write(_tail, record, tail.Bytes);
        if (flush)
            RandomAccess.FlushToDisk(_tail);
        tail.Appended(kind, record.Length, record.AsSpan(SpoolRecord.HeaderBytes));
        _bytes += record.Length;
    }

    private TimeSpan RecordedAfterOldest()
    {
        TimeSpan recorded = TimeSpan.Zero;
        for (int i = 1; i < _segments.Count; i++)
            recorded += _segments[i].Recorded;
        return recorded;
    }

    private SafeFileHandle OpenTail() =>
        File.OpenHandle(_segments[^1].Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
}
