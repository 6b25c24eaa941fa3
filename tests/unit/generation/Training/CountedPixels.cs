using System.Buffers;

namespace InstantNet.Tests.Unit.Generation.Training;

/// <summary>Pixels that count how often somebody looks at them and that can be taken away, as a file on a lost disk.</summary>
internal sealed class CountedPixels(byte[] pixels) : MemoryManager<byte>
{
    private int _reads;

    /// <summary>Images read until now.</summary>
    public int Reads => Volatile.Read(ref _reads);

    /// <summary>Reads from this one on throw.</summary>
    public int FailsFrom { get; init; } = int.MaxValue;

    public override Memory<byte> Memory => CreateMemory(pixels.Length);

    public override Span<byte> GetSpan() => Interlocked.Increment(ref _reads) <= FailsFrom ? pixels : throw new IOException("gone");

    public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
