namespace InstantNet.Contracts.Mqtt.Wire;

/// <summary>Decides when a connection streams, so that its messages should gather for a moment and wake the reader once instead of each.
/// Keeps its measurements between calls; one caller at a time.</summary>
/// <remarks>What network drivers call interrupt moderation. A sender that waits for an acknowledgement or an answer before it sends more is slowed down
/// by it, and that shows in the first window: fewer messages come than before. The pause after such an attempt doubles, so that attempts take less
/// than a thousandth of that sender's time in the end.</remarks>
internal sealed class ReceiveModeration
{
    /// <summary>Longest time that messages gather.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(1);

    /// <summary>Receives in one period from which on it pays: moderation itself costs two or three wakes.</summary>
    public const int LeastReceives = 16;

    /// <summary>Time over which rates are measured.</summary>
    public static readonly TimeSpan Window = 8 * Period;

    /// <summary>Wait after an attempt that did not pay, and how far it doubles.</summary>
    public static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100), LongestPause = TimeSpan.FromSeconds(10);

    // Of the rate before: streams vary by themselves.
    private const double LeastShare = 0.8;

    private TimeSpan _windowBegan;
    private TimeSpan _pausedUntil;
    private TimeSpan _pause;
    private int _receives;
    private int _messages;
    private double _rateBefore;
    private bool _proven;

    /// <summary>To be asked after each receive while messages do not gather.</summary>
    /// <param name="now">Time since any fixed point.</param>
    /// <param name="messages">Received, at least one.</param>
    /// <returns>True when messages should gather from now on.</returns>
    public bool BeginsAt(TimeSpan now, int messages)
    {
        _receives++;
        _messages += messages;
        TimeSpan elapsed = now - _windowBegan;
        if (elapsed < Window)
            return false;
        bool begins = now >= _pausedUntil && InOnePeriod(_receives, elapsed) >= LeastReceives;
        _rateBefore = InOnePeriod(_messages, elapsed);
        _proven = false;
        BeginWindow(now);
        return begins;
    }

    /// <summary>To be asked once a period while messages gather.</summary>
    /// <param name="now">Time since the same point.</param>
    /// <param name="messages">Received since the last question.</param>
    /// <returns>False when messages should gather no longer.</returns>
    public bool LastsAt(TimeSpan now, int messages)
    {
        _messages += messages;
        TimeSpan elapsed = now - _windowBegan;
        if (elapsed < Window)
            return true;
        // What gathers at the end of the first window is counted in the next one.
        bool pays = InOnePeriod(_messages, _proven ? elapsed : elapsed - Period) >= Math.Max(LeastReceives, LeastShare * _rateBefore);
        if (pays)
            _pause = TimeSpan.Zero;
        else if (!_proven)
        {
            _pause = TimeSpan.FromTicks(Math.Clamp(2 * _pause.Ticks, FirstPause.Ticks, LongestPause.Ticks));
            _pausedUntil = now + _pause;
        }
        _proven = true;
        BeginWindow(now);
        return pays;
    }

    private void BeginWindow(TimeSpan now)
    {
        _windowBegan = now;
        _receives = _messages = 0;
    }

    private static double InOnePeriod(int count, TimeSpan elapsed) => count * (Period / elapsed);
}
