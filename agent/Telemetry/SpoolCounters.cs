using InstantNet.Contracts.Messages;

namespace InstantNet.Agent.Telemetry;

/// <summary>The books of a spool in figures.</summary>
/// <param name="Epoch">Identity of the spool.</param>
/// <param name="Produced">Samples durably written.</param>
/// <param name="Acknowledged">Samples whose arrival was confirmed.</param>
/// <param name="Dropped">Samples lost because the spool was full, or too large for a message.</param>
/// <param name="PendingBatches">Batches that wait, counting samples not yet in one in the largest batches allowed.</param>
internal sealed record SpoolCounters(long Epoch, long Produced, long Acknowledged, long Dropped, long PendingBatches)
{
    /// <summary>Reads the books from disk, also while an agent writes them. Changes nothing.</summary>
    /// <returns>Null when there is no spool in that folder, or its last file is damaged.</returns>
    public static SpoolCounters? Read(string folder)
    {
        IReadOnlyList<string> files = SpoolSegment.Find(folder);
        if (files.Count == 0)
            return null;
        SpoolSegment.TryRead(files[^1], out SpoolLedger? books, out _);
        return books is null ? null : Of(books);
    }

    /// <summary>The figures of some books.</summary>
    internal static SpoolCounters Of(SpoolLedger books) => new(
        books.Epoch, books.Produced, books.Acknowledged, books.Dropped,
        books.Sealed.Count + (books.Loose + TelemetryBatch.MaxSamples - 1) / TelemetryBatch.MaxSamples);
}
