namespace InstantNet.Contracts.Mqtt.Routing;

/// <summary>The connection that publishes may use, or the place where a bounded number of them wait for one. Thread-safe.</summary>
internal sealed class ConnectionGate(int maxWaiting)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource<IMqttConnection> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile IMqttConnection? _current;
    private int _waiting;
    private bool _stopped;

    /// <summary>Null while there is none.</summary>
    public IMqttConnection? Current => _current;

    public void Open(IMqttConnection connection)
    {
        lock (_gate)
        {
            _current = connection;
            _next.TrySetResult(connection);
        }
    }

    /// <summary>Whoever sees first that a connection has ended says so; later calls do nothing.</summary>
    public void Lost(IMqttConnection connection)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(_current, connection) || _stopped)
                return;
            _current = null;
            _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>What publishes of a stopped link fail with.</summary>
    public static MqttException Stopped() => new(MqttFailure.NotConnected, MqttReason.Success, "The link was stopped.", cause: null);

    /// <summary>Fails those who wait and those who come.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _stopped = true;
            if (_current is not null)
                _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _current = null;
            _next.TrySetException(Stopped());
            _ = _next.Task.Exception; // seen, also when nobody waits
        }
    }

    /// <exception cref="MqttException">Too many wait already, or the link was stopped.</exception>
    public async ValueTask<IMqttConnection> WaitAsync(CancellationToken cancellationToken)
    {
        Task<IMqttConnection> next;
        lock (_gate)
        {
            if (_waiting >= maxWaiting)
                throw new MqttException(
                    MqttFailure.TooManyWaiting, MqttReason.QuotaExceeded, $"{maxWaiting} publishes already wait for a connection.", cause: null);
            _waiting++;
            next = _next.Task;
        }
        try
        {
            return await next.WaitAsync(cancellationToken);
        }
        finally
        {
            lock (_gate)
                _waiting--;
        }
    }
}
