namespace InstantNet.Contracts.Mqtt.Wire;

/// <summary>One timer for all members; it runs only while there are any. A member may get one last call while it is removed. Thread-safe.</summary>
/// <param name="time">Clock.</param>
/// <param name="period">Time between two calls of a member.</param>
/// <param name="tick">Called for each member with <see cref="Now"/>; never twice at a time.</param>
internal sealed class SharedTimer<TMember>(TimeProvider time, TimeSpan period, Action<TMember, TimeSpan> tick)
{
    private readonly Lock _gate = new();
    private readonly HashSet<TMember> _members = [];
    private readonly long _start = time.GetTimestamp();
    private TMember[]? _snapshot;
    private ITimer? _timer;
    private int _ticking;

    /// <summary>Time since the timer was made.</summary>
    public TimeSpan Now => time.GetElapsedTime(_start);

    public void Add(TMember member)
    {
        lock (_gate)
        {
            _members.Add(member);
            _snapshot = null;
            _timer ??= time.CreateTimer(static timer => ((SharedTimer<TMember>)timer!).Tick(), this, period, period);
        }
    }

    public void Remove(TMember member)
    {
        lock (_gate)
        {
            _members.Remove(member);
            _snapshot = null;
            if (_members.Count > 0)
                return;
            _timer?.Dispose();
            _timer = null;
        }
    }

    private void Tick()
    {
        if (Interlocked.Exchange(ref _ticking, 1) == 1)
            return; // the last round is still running
        TMember[] members;
        lock (_gate)
            members = _snapshot ??= [.. _members];
        TimeSpan now = Now;
        foreach (TMember member in members)
            tick(member, now);
        Volatile.Write(ref _ticking, 0);
    }
}
