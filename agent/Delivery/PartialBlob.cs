using System.Buffers.Binary;
using InstantNet.Agent.Durable;
using InstantNet.Contracts.Releases;
using Microsoft.Win32.SafeHandles;

namespace InstantNet.Agent.Delivery;

/// <summary>A blob that is arriving: a file of its full size, and a record of the chunks it holds that survives kill -9. Not thread safe.</summary>
/// <remarks>A chunk's bit follows its bytes into the system's cache, so a killed process loses nothing. After a power cut a bit may be there
/// without its bytes; the digest over the whole file finds that, and the blob is fetched again.</remarks>
internal sealed class PartialBlob : IDisposable
{
    // "INCM", version 1, chunk size, blob size; then one byte per chunk.
    private const int Magic = 0x4D434E49;
    private const int Version = 1;
    private const int HeaderBytes = 20;
    private const byte Held = 1;

    private readonly string _finalPath;
    private readonly BlobRef _blob;
    private readonly int _chunkBytes;
    private readonly SafeFileHandle _part;
    private readonly SafeFileHandle _map;
    private readonly byte[] _held;

    private PartialBlob(string finalPath, BlobRef blob, int chunkBytes)
    {
        _finalPath = finalPath;
        _blob = blob;
        _chunkBytes = chunkBytes;
        _held = new byte[BlobHash.ChunkCount(blob, chunkBytes)];
        _part = File.OpenHandle(PartPath, FileMode.OpenOrCreate, FileAccess.ReadWrite);
        _map = File.OpenHandle(MapPath, FileMode.OpenOrCreate, FileAccess.ReadWrite);
        if (TryReadMap())
            HeldBytes = Enumerable.Range(0, ChunkCount).Where(Holds).Sum(i => (long)ChunkLength(i));
        else
            Restart();
    }

    /// <summary>Number of chunks.</summary>
    public int ChunkCount => _held.Length;

    /// <summary>Bytes that have arrived.</summary>
    public long HeldBytes { get; private set; }

    /// <summary>True when every chunk has arrived; says nothing about their content.</summary>
    public bool IsWhole => !_held.Contains((byte)0);

    private string PartPath => _finalPath + BlobShelf.PartEnding;

    private string MapPath => _finalPath + BlobShelf.MapEnding;

    /// <summary>Opens or begins a partial blob. The sizes come from a verified manifest, so they are bounded.</summary>
    public static PartialBlob Open(string finalPath, BlobRef blob, int chunkBytes) => new(finalPath, blob, chunkBytes);

    /// <summary>Chunks still to come, in order.</summary>
    public IEnumerable<int> Missing() => Enumerable.Range(0, ChunkCount).Where(i => !Holds(i)).ToList();

    /// <summary>The first chunks to come that lie side by side; null when the blob is whole.</summary>
    /// <param name="mostBytes">No longer than this, but one chunk at least.</param>
    public ChunkRun? FirstMissing(long mostBytes)
    {
        int first = _held.IndexOf((byte)0);
        if (first < 0)
            return null;
        int held = _held.AsSpan(first).IndexOf(Held);
        int count = (int)Math.Clamp(mostBytes / _chunkBytes, 1, held < 0 ? ChunkCount - first : held);
        long offset = (long)first * _chunkBytes;
        return new ChunkRun(first, count, offset, Math.Min((long)count * _chunkBytes, _blob.Size - offset));
    }

    /// <summary>All chunks.</summary>
    public ChunkRun Whole => new(0, ChunkCount, 0, _blob.Size);

    /// <summary>True when the chunk has arrived.</summary>
    public bool Holds(int index) => _held[index] == Held;

    /// <summary>Exact length of a chunk.</summary>
    public int ChunkLength(int index) => (int)Math.Min(_chunkBytes, _blob.Size - (long)index * _chunkBytes);

    /// <summary>Takes a chunk in; one that is already there changes nothing.</summary>
    /// <returns>False when it is not of the length the manifest says: nothing was written.</returns>
    public bool TryWrite(int index, ReadOnlySpan<byte> chunk)
    {
        if (chunk.Length != ChunkLength(index))
            return false;
        if (Holds(index))
            return true;
        RandomAccess.Write(_part, chunk, (long)index * _chunkBytes);
        RandomAccess.Write(_map, [Held], HeaderBytes + index);
        _held[index] = Held;
        HeldBytes += chunk.Length;
        return true;
    }

    /// <summary>Checks the digest of the whole file and gives it its final name; this object is then of no more use.</summary>
    /// <returns>False when the content is wrong: everything was thrown away, and all chunks are missing again.</returns>
    public async Task<bool> TryFinishAsync(CancellationToken cancellationToken)
    {
        if (!await BlobHash.MatchesAsync(PartPath, _blob, cancellationToken))
        {
            Restart();
            return false;
        }

        RandomAccess.FlushToDisk(_part);
        DurableFile.Rename(PartPath, _finalPath);
        File.Delete(MapPath);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _part.Dispose();
        _map.Dispose();
    }

    private bool TryReadMap()
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        return RandomAccess.GetLength(_map) == HeaderBytes + ChunkCount
            && RandomAccess.GetLength(_part) == _blob.Size
            && RandomAccess.Read(_map, header, 0) == HeaderBytes
            && header.SequenceEqual(Header())
            && RandomAccess.Read(_map, _held, HeaderBytes) == ChunkCount
            && !_held.ContainsAnyExceptInRange((byte)0, Held);
    }

    private void Restart()
    {
        Array.Clear(_held);
        HeldBytes = 0;
        RandomAccess.SetLength(_part, 0);
        RandomAccess.SetLength(_part, _blob.Size);
        RandomAccess.SetLength(_map, 0);
        RandomAccess.Write(_map, Header(), 0);
        RandomAccess.Write(_map, _held, HeaderBytes);
    }

    private byte[] Header()
    {
        byte[] header = new byte[HeaderBytes];
        BinaryPrimitives.WriteInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), Version);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), _chunkBytes);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(12), _blob.Size);
        return header;
    }
}
