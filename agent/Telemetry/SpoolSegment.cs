using System.Globalization;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace InstantNet.Agent.Telemetry;

/// <summary>One file of the spool's log and where its samples lie in it. Not thread safe.</summary>
internal sealed class SpoolSegment
{
    private const string Extension = ".spool";
    private const string Beside = ".new";
    private readonly List<(int Offset, int Length)> _samples = [];

    private SpoolSegment(string path, long firstSample) => (Path, FirstSample) = (path, firstSample);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Number of the first sample that it can hold.</summary>
    public long FirstSample { get; }

    /// <summary>Number of the last sample it holds; one less than the first when it holds none.</summary>
    public long LastSample => FirstSample + _samples.Count - 1;

    /// <summary>Bytes of whole entries.</summary>
    public int Bytes { get; private set; }

    /// <summary>Time that its samples cover together.</summary>
    public TimeSpan Recorded { get; private set; }

    /// <summary>Files of a folder in the order they were written.</summary>
    public static IReadOnlyList<string> Find(string folder) =>
        Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*" + Extension).Order(StringComparer.Ordinal)] : [];

    /// <summary>Removes files that a kill left half made.</summary>
    public static void RemoveUnfinished(string folder)
    {
        foreach (string path in Directory.EnumerateFiles(folder, "*" + Extension + Beside))
            File.Delete(path);
    }

    /// <summary>Begins a file with the books so far: written beside and renamed, so a segment always has its head.</summary>
    /// <remarks>Named after the next sample, so the segment before it must hold one already: names are unique and sort in time.</remarks>
    public static SpoolSegment Create(string folder, SpoolLedger books)
    {
        long first = books.Produced + 1;
        string name = string.Create(CultureInfo.InvariantCulture, $"{first:D19}{Extension}");
        SpoolSegment segment = new(System.IO.Path.Combine(folder, name), first);
        byte[] head = SpoolRecord.Write(SpoolEntry.Books, books.ToBytes().AsSpan());
        using (SafeFileHandle file = File.OpenHandle(segment.Path + Beside, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(file, head, 0);
            RandomAccess.FlushToDisk(file);
        }

        File.Move(segment.Path + Beside, segment.Path, overwrite: true);
        segment.Bytes = head.Length;
        return segment;
    }

    /// <summary>Reads a file up to the first entry that is cut off or damaged, and carries its entries into the books.</summary>
    /// <param name="path">The file.</param>
    /// <param name="books">The books at its end; null when not even the head can be read.</param>
    /// <param name="damaged">Whether bytes follow that are no whole entry.</param>
    public static SpoolSegment? TryRead(string path, out SpoolLedger? books, out bool damaged)
    {
        ReadOnlySpan<byte> file = File.ReadAllBytes(path);
        (books, damaged) = (null, true);
        if (!SpoolRecord.TryRead(file, out SpoolEntry kind, out ReadOnlySpan<byte> payload, out int length) || kind != SpoolEntry.Books)
            return null;
        books = SpoolLedger.TryRead(payload);
        if (books is null)
            return null;
        SpoolSegment segment = new(path, books.Produced + 1) { Bytes = length };
        while (SpoolRecord.TryRead(file[segment.Bytes..], out kind, out payload, out length))
            segment.Carry(kind, payload, length, books);
        damaged = segment.Bytes < file.Length;
        return segment;
    }

    /// <summary>Notes an entry that now lies at the end of the file.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="length">Bytes of the whole entry.</param>
    /// <param name="payload">Its content.</param>
    public void Appended(SpoolEntry kind, int length, ReadOnlySpan<byte> payload)
    {
        if (kind == SpoolEntry.Sample)
            Recorded += WindowOf(payload);
        if (kind == SpoolEntry.Sample)
            _samples.Add((Bytes + SpoolRecord.HeaderBytes, length - SpoolRecord.HeaderBytes));
        Bytes += length;
    }

    /// <summary>Bytes of the JSON of one of its samples.</summary>
    public int LengthOf(long sample) => _samples[(int)(sample - FirstSample)].Length;

    /// <summary>JSON of one of its samples.</summary>
    public byte[] ReadSample(SafeFileHandle file, long sample)
    {
        (int offset, int length) = _samples[(int)(sample - FirstSample)];
        byte[] json = new byte[length];
        for (int read = 0; read < length;)
        {
            int step = RandomAccess.Read(file, json.AsSpan(read), offset + read);
            if (step == 0)
                throw new EndOfStreamException($"The spool segment '{Path}' became shorter than {offset + length} bytes.");
            read += step;
        }

        return json;
    }

    private void Carry(SpoolEntry kind, ReadOnlySpan<byte> payload, int length, SpoolLedger books)
    {
        switch (kind)
        {
            case SpoolEntry.Sample:
                books.Produce();
                break;
            case SpoolEntry.Seal:
                books.Seal((int)SpoolRecord.Field(payload, 0));
                break;
            case SpoolEntry.Acknowledge:
                books.Acknowledge(SpoolRecord.Field(payload, 0));
                break;
            case SpoolEntry.Drop:
                books.DropThrough(SpoolRecord.Field(payload, 0));
                break;
        }

        Appended(kind, length, payload);
    }

    /// <summary>The window that a sample's JSON tells; it is the second member, so little of it is read.</summary>
    private static TimeSpan WindowOf(ReadOnlySpan<byte> sample)
    {
        Utf8JsonReader json = new(sample);
        while (json.Read())
        {
            if (json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals("windowMs"u8) && json.Read() && json.TryGetInt32(out int milliseconds))
                return TimeSpan.FromMilliseconds(milliseconds);
        }

        return TimeSpan.Zero;
    }
}
