namespace InstantNet.Agent.Delivery;

/// <summary>Chunks of a blob that lie side by side.</summary>
/// <param name="First">Index of the first chunk.</param>
/// <param name="Count">1 or more.</param>
/// <param name="Offset">Of the first byte in the blob.</param>
/// <param name="Length">Bytes, all chunks together.</param>
internal readonly record struct ChunkRun(int First, int Count, long Offset, long Length)
{
    /// <summary>Of the last byte in the blob.</summary>
    public long LastByte => Offset + Length - 1;
}
