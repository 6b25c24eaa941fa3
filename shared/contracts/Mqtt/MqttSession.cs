using System.Runtime.CompilerServices;
using InstantNet.Contracts.Mqtt.Routing;

namespace InstantNet.Contracts.Mqtt;

/// <summary>A link that heals itself: connects, reconnects with backoff, restores subscriptions, and sends again what was not acknowledged.</summary>
/// <remarks>When the broker kept the session, a message is sent again under its packet identifier and marked as repeated, else as a new one;
/// receivers drop repeats by their own key.</remarks>
public sealed class MqttSession : IMessageLink, IAsyncDisposable
{
    private const int FiltersPerPacket = 100;

    private readonly IMqttConnector _connector;
    private readonly MqttSessionOptions _options;
    private readonly TimeProvider _time;
    private readonly SubscriptionBook _book = new();
    private readonly MessageRouter _router;
    private readonly ConnectionGate _connections;
    private readonly MqttInFlight _inFlight;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _stopped = new();
    private volatile IMqttConnection? _subscribable;
    private volatile LinkStatus _status = new(false, MqttFailure.None, MqttReason.Success, "Not started.", FailedAttempts: 0, RetryIn: null);
    private Task? _running;
    private int _disposed;

    /// <param name="connector">Opens the connections.</param>
    /// <param name="options">How to connect and whom to tell.</param>
    /// <param name="time">Clock of the waits between attempts.</param>
    public MqttSession(IMqttConnector connector, MqttSessionOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(connector);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        _connector = connector;
        _options = options;
        _time = time;
        _connections = new ConnectionGate(options.MaxWaitingPublishes);
        _inFlight = new MqttInFlight(options.MaxSends);
        _router = new MessageRouter(_book, Report, _stopped.Token);
    }

    /// <inheritdoc/>
    public event EventHandler<LinkStatus>? StatusChanged;

    /// <inheritdoc/>
    public LinkStatus Status => _status;

    /// <summary>Begins to connect. Subscriptions made before are part of the first connect.</summary>
    /// <exception cref="InvalidOperationException">Already started.</exception>
    public void Start()
    {
        if (_running is not null)
            throw new InvalidOperationException("The session was already started.");
        _running = Task.Run(RunAsync);
    }

    /// <summary>Completes when the link stands.</summary>
    /// <exception cref="MqttException">The link was stopped, or too many already wait.</exception>
    public async Task WaitUntilConnectedAsync(CancellationToken cancellationToken)
    {
        if (_connections.Current is null)
            await _connections.WaitAsync(cancellationToken);
    }

    /// <summary>Sends DISCONNECT, so that the will is not published, stops reconnecting, fails publishes that wait, and lets the running
    /// handler finish. The session cannot be started again. Must not be awaited by a handler.</summary>
    /// <param name="cancellationToken">Returns without waiting for the handler.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        if (_running is not null)
            await _running.WaitAsync(cancellationToken);
        _connections.Stop();
        _inFlight.End(ConnectionGate.Stopped);
        await _stopped.CancelAsync();
        await _router.WhenIdleAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
            return;
        await StopAsync(CancellationToken.None);
        _router.Dispose();
        _stopping.Dispose();
        _stopped.Dispose();
    }

    /// <inheritdoc/>
    public ValueTask<MqttReason> PublishAsync(MqttPublish message, CancellationToken cancellationToken)
    {
        if (message.Qos != MqttQos.AtMostOnce)
            return PublishUntilAcknowledgedAsync(message, cancellationToken);
        IMqttConnection connection = _connections.Current
            ?? throw new MqttException(MqttFailure.NotConnected, MqttReason.ServerUnavailable, "There is no connection. " + _status.Sentence, cause: null);
        return connection.PublishAsync(message, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask SubscribeAsync(string filter, MqttQos maximumQos, MessageHandler handler, CancellationToken cancellationToken)
    {
        if (TopicFilter.Complaint(filter) is { } complaint)
            throw new ArgumentException(complaint, nameof(filter));
        ArgumentNullException.ThrowIfNull(handler);
        Subscription subscription = _book.Add(new MqttFilter(filter, maximumQos), handler);
        if (_subscribable is not { } connection || !_book.TryClaim(subscription, connection))
            return;
        try
        {
            MqttReason reason = (await connection.SubscribeAsync([subscription.Wanted], cancellationToken))[0];
            if (reason.IsFailure())
                throw Refusal(filter, reason);
            _book.Granted(subscription, connection);
        }
        catch (MqttException e) when (e.Failure is MqttFailure.Rejected or MqttFailure.TooLarge or MqttFailure.TooManyWaiting)
        {
            _book.Refused(subscription);
            throw;
        }
        catch (MqttException)
        {
            // The connection ended; the next one asks again.
        }
    }

    /// <inheritdoc/>
    public async ValueTask UnsubscribeAsync(string filter, CancellationToken cancellationToken)
    {
        if (!_book.Remove(filter) || _subscribable is not { } connection)
            return;
        try
        {
            await connection.UnsubscribeAsync([filter], cancellationToken);
            _book.Ended([filter]);
        }
        catch (MqttException)
        {
            // The connection ended; the next one tells the broker.
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<MqttReason> PublishUntilAcknowledgedAsync(MqttPublish message, CancellationToken cancellationToken)
    {
        for (int sends = 1; ; sends++)
        {
            IMqttConnection connection = _connections.Current ?? await _connections.WaitAsync(cancellationToken);
            try
            {
                return await connection.PublishKeptAsync(message, cancellationToken);
            }
            catch (MqttException e) when (EndedConnection(e) && sends < _options.MaxSends)
            {
                _connections.Lost(connection);
            }
        }
    }

    private static bool EndedConnection(MqttException e) =>
        e.Failure is not (MqttFailure.Rejected or MqttFailure.TooLarge or MqttFailure.TooManyWaiting or MqttFailure.Unacknowledged);

    private async Task RunAsync()
    {
        int failedAttempts = 0;
        while (!_stopping.IsCancellationRequested)
        {
            long started = _time.GetTimestamp();
            MqttClosed end = await RunOnceAsync(failedAttempts);
            if (_stopping.IsCancellationRequested)
                break;
            if (_time.GetElapsedTime(started) >= _options.StableAfter && _status.IsConnected)
                failedAttempts = 0;
            TimeSpan wait = _options.Backoff.Next(failedAttempts++);
            Tell(new LinkStatus(false, end.Failure, end.Reason, end.Sentence, failedAttempts, wait));
            await Task.Delay(wait, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        Tell(new LinkStatus(false, MqttFailure.None, MqttReason.Success, "Stopped.", FailedAttempts: 0, RetryIn: null));
    }

    /// <summary>One connection from attempt to end; never throws.</summary>
    private async Task<MqttClosed> RunOnceAsync(int failedAttempts)
    {
        IMqttConnection? connection = null;
        try
        {
            MqttConnectOptions options = _options.ConnectOptions() with { InFlight = _inFlight };
            connection = await _connector.ConnectAsync(options, _router, _stopping.Token);
            await PrepareAsync(connection, _stopping.Token);
            _connections.Open(connection);
            string sentence = $"Connected to {options.Host}:{options.Port}.";
            Tell(new LinkStatus(true, MqttFailure.None, MqttReason.Success, sentence, failedAttempts, RetryIn: null));
            return await connection.Closed.WaitAsync(_stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            if (connection is not null)
                await connection.DisconnectAsync(MqttReason.Success, CancellationToken.None);
            return new MqttClosed(MqttFailure.None, MqttReason.Success, "Stopped.");
        }
        catch (MqttException e)
        {
            return new MqttClosed(e.Failure, e.Reason, e.Message) { ServerReference = e.ServerReference };
        }
        // The one catch of the session's loop: what the owner's delegates throw must not end it.
        catch (Exception e)
        {
            Report("The connection could not be prepared.", e);
            return new MqttClosed(MqttFailure.ReceiverFailed, MqttReason.ImplementationSpecificError, "The connection could not be prepared: " + e.Message);
        }
        finally
        {
            _subscribable = null;
            if (connection is not null)
            {
                _connections.Lost(connection);
                await connection.DisposeAsync();
            }
        }
    }

    private async Task PrepareAsync(IMqttConnection connection, CancellationToken cancellationToken)
    {
        if (connection.ConnAck.SessionPresent)
            _book.BrokerRemembered();
        else
            _book.BrokerForgot();
        if (_options.OnConnected is { } onConnected)
            await onConnected(connection, cancellationToken);

        // From here on new subscriptions use the connection themselves; the claim keeps them from being asked for twice.
        _subscribable = connection;
        foreach (string[] filters in _book.Unwanted().Chunk(FiltersPerPacket))
        {
            await connection.UnsubscribeAsync(filters, cancellationToken);
            _book.Ended(filters);
        }
        ILookup<MqttReason?, Subscription> missing = _book.ClaimMissing(connection).ToLookup(s => TopicFilter.Unavailable(s.Filter, connection.ConnAck));
        foreach (IGrouping<MqttReason?, Subscription> unavailable in missing.Where(group => group.Key is not null))
        {
            foreach (Subscription subscription in unavailable)
                ReportNotRestored(subscription, unavailable.Key!.Value);
        }
        foreach (Subscription[] batch in missing[null].Chunk(FiltersPerPacket))
        {
            IReadOnlyList<MqttReason> reasons =
                await connection.SubscribeAsync([.. batch.Select(subscription => subscription.Wanted)], cancellationToken);
            for (int i = 0; i < batch.Length; i++)
            {
                if (reasons[i].IsFailure())
                    ReportNotRestored(batch[i], reasons[i]);
                else
                    _book.Granted(batch[i], connection);
            }
        }
    }

    private void ReportNotRestored(Subscription subscription, MqttReason reason) =>
        Report($"The subscription to '{subscription.Filter}' was not restored.", Refusal(subscription.Filter, reason));

    private static MqttException Refusal(string filter, MqttReason reason) =>
        new(MqttFailure.Rejected, reason, $"The broker refused the subscription to '{filter}': {reason.Describe()}.", cause: null);

    private void Tell(LinkStatus status)
    {
        _status = status;
        // Subscribers are the owner's code; what they throw must not end the session's loop.
        try
        {
            StatusChanged?.Invoke(this, status);
        }
        catch (Exception e)
        {
            Report("A handler of the link's status failed.", e);
        }
    }

    private void Report(string sentence, Exception exception) => _options.OnError?.Invoke(sentence, exception);
}
