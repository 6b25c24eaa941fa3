namespace InstantNet.Agent.Remote;

/// <summary>How many commands a device carries out, whichever way they come, so that no commander takes the processor from inference: a token bucket.
/// Thread safe.</summary>
/// <param name="time">Clock, monotonic.</param>
internal sealed class CommandRate(TimeProvider time)
{
    /// <summary>Commands that may come at once after a rest.</summary>
    public const int Burst = 10;

    /// <summary>Commands a second on average.</summary>
    public const int PerSecond = 2;

    private readonly Lock _lock = new();
    private double _tokens = Burst;
    private long _filledAt = time.GetTimestamp();

    /// <summary>Takes one command from what the rate leaves.</summary>
    /// <returns>False when nothing is left: the command is to be answered with <see cref="Refusal"/>.</returns>
    public bool TryTake()
    {
        lock (_lock)
        {
            long now = time.GetTimestamp();
            _tokens = Math.Min(Burst, _tokens + time.GetElapsedTime(_filledAt, now).TotalSeconds * PerSecond);
            _filledAt = now;
            if (_tokens < 1)
                return false;
            _tokens--;
            return true;
        }
    }

    /// <summary>What a commander is told whose command was too much.</summary>
    public static CommandAnswer Refusal { get; } = CommandAnswer.Problem(
        429, $"More commands came than this device takes: {Burst} at once and {PerSecond} a second.");
}
