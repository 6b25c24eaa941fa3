using System.Buffers;

namespace InstantNet.Contracts.Mqtt.Wire;

/// <summary>A pooled array that goes back to the pool when its last holder lets go. Only the reader of the connection adds holders.</summary>
internal sealed class RentedBlock
{
    private byte[]? _bytes;
    private int _holders;

    /// <summary>Rents an array for the reader.</summary>
    public RentedBlock(int minimumBytes) => Rent(minimumBytes);

    public byte[] Bytes => _bytes ?? throw new ObjectDisposedException(nameof(RentedBlock));

    /// <summary>True when only the reader holds the block, so that it may move what is in it.</summary>
    public bool IsExclusive => Volatile.Read(ref _holders) == 1;

    /// <summary>Rents an array again after the reader, its last holder, let go.</summary>
    public void Rent(int minimumBytes)
    {
        _bytes = ArrayPool<byte>.Shared.Rent(minimumBytes);
        Volatile.Write(ref _holders, 1);
    }

    public void Hold() => Interlocked.Increment(ref _holders);

    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0 && Interlocked.Exchange(ref _bytes, null) is { } bytes)
            ArrayPool<byte>.Shared.Return(bytes);
    }
}
