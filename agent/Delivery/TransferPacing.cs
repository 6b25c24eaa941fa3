namespace InstantNet.Agent.Delivery;

/// <summary>Token bucket over bytes: no more than a second's worth at once, the average never above the rate. Thread safe.</summary>
/// <param name="bytesPerSecond">Rate; 0 for no limit.</param>
/// <param name="time">Clock, monotonic.</param>
internal sealed class TransferPacing(long bytesPerSecond, TimeProvider time)
{
    private readonly Lock _lock = new();
    private double _tokens = bytesPerSecond;
    private long _filledAt = time.GetTimestamp();

    /// <summary>Takes bytes out of the bucket, into debt if need be.</summary>
    /// <returns>How long to wait before these bytes may be asked for.</returns>
    public TimeSpan Take(int bytes)
    {
        if (bytesPerSecond == 0)
            return TimeSpan.Zero;
        lock (_lock)
        {
            long now = time.GetTimestamp();
            double earned = time.GetElapsedTime(_filledAt, now).TotalSeconds * bytesPerSecond;
            _tokens = Math.Min(bytesPerSecond, _tokens + earned) - bytes;
            _filledAt = now;
            return _tokens >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-_tokens / bytesPerSecond);
        }
    }

    /// <summary>Waits until these bytes may be asked for.</summary>
    public Task WaitAsync(int bytes, CancellationToken cancellationToken)
    {
        TimeSpan wait = Take(bytes);
        return wait == TimeSpan.Zero ? Task.CompletedTask : Task.Delay(wait, time, cancellationToken);
    }
}
