namespace InstantNet.Agent.Telemetry;

/// <summary>The bytes that a metered link may still take: a token bucket on the monotonic clock. Thread safe.</summary>
/// <remarks>Begins empty, so that restarts add nothing to a month.</remarks>
/// <param name="duty">The budget.</param>
/// <param name="time">Clock.</param>
internal sealed class ByteBudget(TelemetryDuty duty, TimeProvider time)
{
    private readonly Lock _lock = new();
    private double _available;
    private long _filledAt = time.GetTimestamp();
    private long _charged;

    /// <summary>The rules.</summary>
    public TelemetryDuty Duty { get; } = duty;

    /// <summary>Bytes saved up; negative when some are owed.</summary>
    public double Available
    {
        get
        {
            lock (_lock)
                return FillLocked();
        }
    }

    /// <summary>Bytes charged since the start, keep-alives not counted.</summary>
    public long Charged => Interlocked.Read(ref _charged);

    /// <summary>Takes bytes that flow now, into debt if need be.</summary>
    public void Charge(long bytes)
    {
        lock (_lock)
            _available = FillLocked() - bytes;
        Interlocked.Add(ref _charged, bytes);
    }

    /// <summary>Waits until nothing is owed: what may wait, then may flow.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        while (Available is <= 0 and double owed)
            await Task.Delay(TimeSpan.FromSeconds(Math.Ceiling(1 - owed / Duty.BytesPerSecond)), time, cancellationToken);
    }

    private double FillLocked()
    {
        long now = time.GetTimestamp();
        _available = Math.Min(Duty.Capacity, _available + time.GetElapsedTime(_filledAt, now).TotalSeconds * Duty.BytesPerSecond);
        _filledAt = now;
        return _available;
    }
}
