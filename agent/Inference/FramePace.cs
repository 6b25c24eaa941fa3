namespace InstantNet.Agent.Inference;

/// <summary>Which frames are due, which are caught up and which are given up. Pure arithmetic on timestamps; not thread safe.</summary>
/// <remarks>
/// A frame that is late is run as soon as the thread gets to it, so that a hiccup of the scheduler costs no frame. At most
/// <see cref="MaxBacklog"/> frames, <see cref="BacklogSeconds"/> of them, may be late; those beyond are dropped, oldest first.
/// </remarks>
internal sealed class FramePace
{
    /// <summary>How long the thread may be away before frames are lost, seconds.</summary>
    public const double BacklogSeconds = 2;

    private const int LeastBacklog = 4;
    private readonly double _framesPerTick;
    private long _startTicks;
    private long _taken;

    /// <param name="framesPerSecond">Positive.</param>
    /// <param name="ticksPerSecond">Of the timestamps given.</param>
    public FramePace(double framesPerSecond, long ticksPerSecond)
    {
        if (framesPerSecond is not (> 0 and <= 100_000))
            throw new ArgumentOutOfRangeException(nameof(framesPerSecond), framesPerSecond, "A frame rate is above 0 to 100000 a second.");
        FramesPerSecond = framesPerSecond;
        _framesPerTick = framesPerSecond / ticksPerSecond;
        MaxBacklog = Math.Max(LeastBacklog, (int)Math.Ceiling(framesPerSecond * BacklogSeconds));
    }

    /// <summary>Rate at which frames become due.</summary>
    public double FramesPerSecond { get; }

    /// <summary>Most frames that may be late.</summary>
    public int MaxBacklog { get; }

    /// <summary>The first frame is due now.</summary>
    public void Restart(long nowTicks) => (_startTicks, _taken) = (nowTicks, 0);

    /// <summary>Takes the next due frame.</summary>
    /// <param name="nowTicks">Timestamp.</param>
    /// <param name="dropped">Frames given up by this call.</param>
    /// <returns>False when none is due.</returns>
    public bool TryTake(long nowTicks, out long dropped)
    {
        long late = 1 + (long)((nowTicks - _startTicks) * _framesPerTick) - _taken;
        dropped = Math.Max(0, late - MaxBacklog);
        _taken += dropped;
        if (late <= 0)
            return false;
        _taken++;
        return true;
    }
}
