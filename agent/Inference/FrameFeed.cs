namespace InstantNet.Agent.Inference;

/// <summary>Frames and when they are due. Owned by the frame loop.</summary>
internal sealed class FrameFeed
{
    private static readonly TimeSpan LeastPeriod = TimeSpan.FromMilliseconds(1);

    /// <param name="source">Where frames come from.</param>
    /// <param name="framesPerSecond">Positive.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not above 0 to 100000 a second.</exception>
    public FrameFeed(IFrameSource source, double framesPerSecond, TimeProvider time)
    {
        (Source, Time) = (source, time);
        Pace = new FramePace(framesPerSecond, time.TimestampFrequency);
        TimeSpan period = TimeSpan.FromSeconds(1 / framesPerSecond);
        Period = period > LeastPeriod ? period : LeastPeriod;
    }

    /// <summary>Where frames come from.</summary>
    public IFrameSource Source { get; }

    /// <summary>Which are due.</summary>
    public FramePace Pace { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>How often to look; several frames may be due at once.</summary>
    public TimeSpan Period { get; }
}
