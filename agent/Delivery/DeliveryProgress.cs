using InstantNet.Contracts.Releases;

namespace InstantNet.Agent.Delivery;

/// <summary>Turns bytes into percent and tells of each change once. Not thread safe.</summary>
/// <param name="totalBytes">Size of all blobs.</param>
/// <param name="changed">Told 0..100.</param>
internal sealed class DeliveryProgress(long totalBytes, Action<int> changed)
{
    private long _finishedBytes;
    private int _told = -1;

    /// <summary>The blob in work has this many bytes.</summary>
    public void Hold(long bytes) => Tell(_finishedBytes + bytes);

    /// <summary>A blob was there before; told with the next change.</summary>
    public void Skip(BlobRef blob) => _finishedBytes += blob.Size;

    /// <summary>A blob is whole.</summary>
    public void Finish(BlobRef blob)
    {
        _finishedBytes += blob.Size;
        Tell(_finishedBytes);
    }

    private void Tell(long bytes)
    {
        int percent = totalBytes == 0 ? 100 : (int)(bytes * 100 / totalBytes);
        if (percent == _told)
            return;
        _told = percent;
        changed(percent);
    }
}
