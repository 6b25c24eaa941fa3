namespace InstantNet.Contracts.Mqtt.Routing;

/// <summary>Gives each received message to the handlers whose filter it matches, one after the other, also across a reconnect: a handler that
/// still works on a message of the old connection is waited for.</summary>
/// <param name="book">The routes.</param>
/// <param name="report">Told what a handler threw.</param>
/// <param name="stopped">Passed to handlers; cancelled when the session has stopped.</param>
internal sealed class MessageRouter(SubscriptionBook book, Action<string, Exception> report, CancellationToken stopped) : IMqttInbound, IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    public ValueTask OnMessageAsync(MqttMessage message, CancellationToken cancellationToken)
    {
        if (!_turn.Wait(0, CancellationToken.None))
            return WaitForTurnAsync(message, cancellationToken);
        ValueTask handling = HandleAsync(message);
        if (!handling.IsCompletedSuccessfully)
            return FinishAsync(handling);
        _turn.Release();
        return ValueTask.CompletedTask;
    }

    /// <summary>Completes when no handler is running.</summary>
    public async Task WhenIdleAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        _turn.Release();
    }

    public void Dispose() => _turn.Dispose();

    private async ValueTask WaitForTurnAsync(MqttMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await _turn.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return; // the connection ended first: unacknowledged, so the broker delivers it again
        }
        await FinishAsync(HandleAsync(message));
    }

    private async ValueTask FinishAsync(ValueTask handling)
    {
        try
        {
            await handling;
        }
        finally
        {
            _turn.Release();
        }
    }

    private ValueTask HandleAsync(MqttMessage message)
    {
        RouteTable routes = book.Routes;
        int position = 0;
        while (routes.TryNext(message.Topic, ref position, out Subscription? match))
        {
            ValueTask handling = Call(match, message);
            if (!handling.IsCompletedSuccessfully)
                return HandleRestAsync(handling, match, routes, position, message);
        }
        return ValueTask.CompletedTask;
    }

    private async ValueTask HandleRestAsync(ValueTask handling, Subscription match, RouteTable routes, int position, MqttMessage message)
    {
        Subscription? current = match;
        do
        {
            // The one catch around handlers: a message that one cannot take must not stop those behind it.
            try
            {
                await handling;
            }
            catch (OperationCanceledException) when (stopped.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                report($"The handler of '{current.Filter}' failed on a message to '{message.Topic}'.", e);
            }
            if (!routes.TryNext(message.Topic, ref position, out current))
                return;
            handling = Call(current, message);
        }
        while (true);
    }

    private ValueTask Call(Subscription subscription, in MqttMessage message)
    {
        try
        {
            return subscription.Handler(message, stopped);
        }
        catch (Exception e)
        {
            return ValueTask.FromException(e); // reported where awaited
        }
    }
}
