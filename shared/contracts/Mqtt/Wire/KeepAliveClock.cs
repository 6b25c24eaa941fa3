namespace InstantNet.Contracts.Mqtt.Wire;

/// <summary>One timer a second for the keep-alive of all connections of a connector; it runs only while there are any.</summary>
internal sealed class KeepAliveClock(TimeProvider time)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly HashSet<MqttConnection> _connections = [];
    private readonly long _start = time.GetTimestamp();
    private ITimer? _timer;
    private int _ticking;

    public TimeProvider Time => time;

    /// <summary>Time since the clock was made.</summary>
    public TimeSpan Now => time.GetElapsedTime(_start);

    public void Add(MqttConnection connection)
    {
        lock (_gate)
        {
            _connections.Add(connection);
            _timer ??= time.CreateTimer(static clock => ((KeepAliveClock)clock!).Tick(), this, Period, Period);
        }
    }

    public void Remove(MqttConnection connection)
    {
        lock (_gate)
        {
            _connections.Remove(connection);
            if (_connections.Count > 0)
                return;
            _timer?.Dispose();
            _timer = null;
        }
    }

    private void Tick()
    {
        if (Interlocked.Exchange(ref _ticking, 1) == 1)
            return; // the last round is still running
        MqttConnection[] connections;
        lock (_gate)
            connections = [.. _connections];
        TimeSpan now = Now;
        foreach (MqttConnection connection in connections)
            connection.OnTick(now);
        Volatile.Write(ref _ticking, 0);
    }
}
