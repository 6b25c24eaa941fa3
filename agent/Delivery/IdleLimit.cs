namespace InstantNet.Agent.Delivery;

/// <summary>Cancels a token when nothing happened for a while; does not count while it is paused. Not thread safe.</summary>
internal sealed class IdleLimit : IDisposable
{
    private readonly TimeSpan _limit;
    private readonly CancellationTokenSource _stop;
    private readonly ITimer _timer;

    /// <summary>Begins paused.</summary>
    /// <param name="limit">Longest time in which nothing happens.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Cancels the token, too.</param>
    public IdleLimit(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        _limit = limit;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _timer = time.CreateTimer(static stop => ((CancellationTokenSource)stop!).Cancel(), _stop, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Cancelled when the limit is over.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Counts from now.</summary>
    public void Restart() => _timer.Change(_limit, Timeout.InfiniteTimeSpan);

    /// <summary>Does not count until the next restart.</summary>
    public void Pause() => _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        _stop.Dispose();
    }
}
