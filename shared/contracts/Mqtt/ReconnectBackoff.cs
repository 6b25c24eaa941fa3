namespace InstantNet.Contracts.Mqtt;

/// <summary>Exponential backoff with full jitter: uniform between nothing and a window that doubles with each failed attempt.</summary>
/// <remarks>Full jitter spreads a fleet's reconnects evenly, which a broker that restarted needs most. Not thread-safe.</remarks>
public sealed class ReconnectBackoff
{
    private readonly TimeSpan _firstWindow;
    private readonly TimeSpan _longestWindow;
    private readonly Random _random;

    /// <param name="firstWindow">Window of the first attempt; above zero.</param>
    /// <param name="longestWindow">The window grows no further; at least <paramref name="firstWindow"/>.</param>
    /// <param name="random">Seeded per device, so that devices differ and a run can be repeated.</param>
    /// <exception cref="ArgumentOutOfRangeException">A window is outside its range.</exception>
    public ReconnectBackoff(TimeSpan firstWindow, TimeSpan longestWindow, Random random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(firstWindow, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(longestWindow, firstWindow);
        ArgumentNullException.ThrowIfNull(random);
        _firstWindow = firstWindow;
        _longestWindow = longestWindow;
        _random = random;
    }

    /// <summary>Longest wait before an attempt.</summary>
    /// <param name="failedAttempts">Attempts that failed in a row, 0 before the first retry.</param>
    public TimeSpan Window(int failedAttempts)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(failedAttempts);
        double window = _firstWindow.Ticks * Math.Pow(2, failedAttempts);
        return window >= _longestWindow.Ticks ? _longestWindow : new TimeSpan((long)window);
    }

    /// <summary>Draws the wait before an attempt: zero up to <see cref="Window"/>.</summary>
    /// <param name="failedAttempts">Attempts that failed in a row, 0 before the first retry.</param>
    public TimeSpan Next(int failedAttempts) => Window(failedAttempts) * _random.NextDouble();
}
