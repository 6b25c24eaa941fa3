namespace InstantNet.Contracts.Mqtt.Wire;

/// <summary>What a connection owes its keep-alive now.</summary>
internal enum KeepAliveAction
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Send PINGREQ.</summary>
    Ping,

    /// <summary>The broker is gone: close.</summary>
    GiveUp,
}

/// <summary>Decides when to ping and when to give up. A ping is due after three quarters of the interval without sending or without hearing;
/// half an interval without any answer to it means that the broker is gone.</summary>
internal sealed class KeepAlive(TimeSpan interval, TimeSpan now)
{
    private const double PingAt = 0.75;
    private const double AnswerWithin = 0.5;
    private static readonly TimeSpan ShortestAnswerTime = TimeSpan.FromSeconds(2);

    private TimeSpan _lastSent = now;
    private TimeSpan _lastHeard = now;
    private TimeSpan? _pinged;

    /// <param name="now">Time since any fixed point.</param>
    /// <param name="sent">Something was sent since the last call.</param>
    /// <param name="heard">Something was received since the last call.</param>
    public KeepAliveAction Decide(TimeSpan now, bool sent, bool heard)
    {
        if (interval <= TimeSpan.Zero)
            return KeepAliveAction.None;
        if (sent)
            _lastSent = now;
        if (heard)
        {
            _lastHeard = now;
            _pinged = null;
        }
        if (_pinged is { } pinged)
        {
            TimeSpan limit = interval * AnswerWithin;
            return now - pinged >= (limit > ShortestAnswerTime ? limit : ShortestAnswerTime) ? KeepAliveAction.GiveUp : KeepAliveAction.None;
        }
        if (now - _lastSent < interval * PingAt && now - _lastHeard < interval * PingAt)
            return KeepAliveAction.None;
        _pinged = _lastSent = now;
        return KeepAliveAction.Ping;
    }
}
