using InstantNet.Contracts.Mqtt.Codec;

namespace InstantNet.Contracts.Mqtt.Wire;

/// <summary>The product's own client: one connection, from CONNACK to its end.</summary>
internal sealed class MqttConnection : IMqttConnection
{
    /// <summary>How long a farewell may take before the socket is closed regardless.</summary>
    private static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly MqttTransport _transport;
    private readonly ConnectorTimers _timers;
    private readonly KeepAlive _keepAlive;
    private readonly OutboundBuffer _outbound;
    private readonly PublishPipeline _publishes;
    private readonly SubscriptionRequests _requests = new();
    private readonly InboundQueue _inbound;
    private readonly ReceiveModerator _moderator;
    private readonly PacketReceiver _receiver;
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource<MqttClosed> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _reading = Task.CompletedTask;
    private MqttClosed? _ending;
    private volatile bool _sent;

    public MqttConnection(
        MqttTransport transport, ReceiveBuffer received, MqttConnAck connAck, MqttConnectOptions options, IMqttInbound inbound, ConnectorTimers timers)
    {
        _transport = transport;
        _timers = timers;
        ConnAck = connAck;
        _keepAlive = new KeepAlive(connAck.ServerKeepAlive ?? options.KeepAlive, timers.KeepAlive.Now);
        _outbound = new OutboundBuffer(transport.Stream, _gate, OnBroken);
        _publishes = new PublishPipeline(_gate, _outbound, connAck, options);
        _outbound.DrainedLocked = _publishes.SendHeldLocked;
        _inbound = new InboundQueue(inbound, options.ReceiveMaximum, SendPubAck, OnReceiverFailed, _closing.Token);
        _moderator = transport.Moderate(timers.Moderation);
        _receiver = new PacketReceiver(transport.Stream, received, options, _inbound, _publishes, _requests)
        {
            GatherAcknowledgements = GatherAcknowledgements,
            Moderator = _moderator,
        };
    }

    public MqttConnAck ConnAck { get; }

    public Task<MqttClosed> Closed => _closed.Task;

    public long DroppedMessages => _inbound.Dropped;

    /// <summary>Begins to read, to keep alive and to send again. Call once.</summary>
    public void Start()
    {
        _timers.KeepAlive.Add(this);
        _publishes.Resume();
        _reading = Task.Run(ReadAsync);
    }

    public ValueTask<MqttReason> PublishAsync(MqttPublish message, CancellationToken cancellationToken) =>
        Publish(message, kept: false, cancellationToken);

    public ValueTask<MqttReason> PublishKeptAsync(MqttPublish message, CancellationToken cancellationToken) =>
        Publish(message, kept: true, cancellationToken);

    public ValueTask<IReadOnlyList<MqttReason>> SubscribeAsync(IReadOnlyList<MqttFilter> filters, CancellationToken cancellationToken)
    {
        BrokerLimits.Check(ConnAck, filters);
        return RequestAsync(PacketType.SubAck, filters, SubscribePackets.WriteSubscribe, cancellationToken);
    }

    public ValueTask<IReadOnlyList<MqttReason>> UnsubscribeAsync(IReadOnlyList<string> filters, CancellationToken cancellationToken) =>
        RequestAsync(PacketType.UnsubAck, filters, SubscribePackets.WriteUnsubscribe, cancellationToken);

    public async ValueTask DisconnectAsync(MqttReason reason, CancellationToken cancellationToken)
    {
        await EndAsync(new MqttClosed(MqttFailure.None, reason, "This side disconnected."), reason, cancellationToken);
        await Closed;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync(new MqttClosed(MqttFailure.None, MqttReason.Success, "This side closed the connection."), farewell: null, CancellationToken.None);
        await Closed;
    }

    /// <summary>Called about once a second.</summary>
    public void OnTick(TimeSpan now)
    {
        bool sent = _sent;
        _sent = false;
        switch (_keepAlive.Decide(now, sent, _receiver.TakeHeard()))
        {
            case KeepAliveAction.Ping:
                Send(DisconnectPacket.PingRequest);
                break;
            case KeepAliveAction.GiveUp:
                var silent = new MqttClosed(MqttFailure.TimedOut, MqttReason.KeepAliveTimeout, $"The broker at {_transport.Name} stopped answering.");
                BeginEnd(silent, farewell: null);
                break;
            default:
                break;
        }
    }

    private ValueTask<MqttReason> Publish(in MqttPublish message, bool kept, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<MqttReason>(cancellationToken);
        PublishPacket.Layout layout = BrokerLimits.Check(ConnAck, message);
        _sent = true;
        return _publishes.Publish(message, layout, kept, cancellationToken);
    }

    private async ValueTask<IReadOnlyList<MqttReason>> RequestAsync<T>(
        PacketType answer, IReadOnlyList<T> filters, Func<IReadOnlyList<T>, int, MqttProtocol, byte[]> write, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filters);
        Task<MqttReason[]> reasons = _requests.Begin(answer, filters.Count, out int packetId);
        try
        {
            byte[] packet = write(filters, packetId, ConnAck.Protocol);
            BrokerLimits.CheckSize(ConnAck, packet.Length, "the subscriptions");
            Send(packet);
        }
        catch
        {
            _requests.Forget(packetId);
            throw;
        }
        return await reasons.WaitAsync(cancellationToken);
    }

    private void SendPubAck(int packetId)
    {
        Span<byte> packet = stackalloc byte[AckPackets.PubAckBytes];
        AckPackets.WritePubAck(packet, packetId);
        _sent = true;
        lock (_gate)
        {
            if (_ending is null)
                _outbound.AppendPatientlyLocked(packet);
        }
    }

    // While the reader takes packets out of what it has read, their acknowledgements gather: one write for all.
    private void GatherAcknowledgements(bool gather)
    {
        lock (_gate)
        {
            if (gather)
                _outbound.HoldLocked();
            else
                _outbound.ReleaseLocked();
        }
    }

    private void Send(ReadOnlySpan<byte> packet)
    {
        _sent = true;
        lock (_gate)
        {
            if (_ending is null)
                _outbound.AppendLocked(packet); // nothing may follow a DISCONNECT
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            MqttClosed end = await _receiver.RunAsync(_transport.Name);
            BeginEnd(end, farewell: null);
        }
        catch (MalformedPacketException e)
        {
            string sentence = $"The broker at {_transport.Name} broke the protocol: {e.Message}";
            BeginEnd(new MqttClosed(MqttFailure.ProtocolViolation, e.Reason, sentence), e.Reason);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            OnBroken(e);
        }
    }

    private void OnBroken(Exception e) => BeginEnd(
        new MqttClosed(MqttFailure.ConnectionLost, MqttReason.UnspecifiedError, $"The connection with {_transport.Name} broke: {e.Message}"),
        farewell: null);

    private void OnReceiverFailed(Exception e) => BeginEnd(
        new MqttClosed(MqttFailure.ReceiverFailed, MqttReason.ImplementationSpecificError, $"The receiver of messages failed: {e.Message}"),
        MqttReason.ImplementationSpecificError);

    // The end runs on its own; whoever waits, waits for Closed.
    private void BeginEnd(MqttClosed how, MqttReason? farewell) => _ = EndAsync(how, farewell, CancellationToken.None);

    private async Task EndAsync(MqttClosed how, MqttReason? farewell, CancellationToken cancellationToken)
    {
        if (!TryBeginEnd(how, farewell))
            return;
        try
        {
            _timers.KeepAlive.Remove(this);
            _moderator.End();
            await _closing.CancelAsync();
            if (farewell is not null)
                await SayFarewellAsync(cancellationToken);
            lock (_gate)
                _outbound.StopLocked();
            await _transport.DisposeAsync();
        }
        finally
        {
            _closed.SetResult(how);
        }
    }

    private bool TryBeginEnd(MqttClosed how, MqttReason? farewell)
    {
        MqttFailure failure = how.Failure == MqttFailure.None ? MqttFailure.NotConnected : how.Failure;
        MqttException Why() => new(failure, how.Reason, how.Sentence, cause: null) { ServerReference = how.ServerReference };
        lock (_gate)
        {
            if (_ending is not null)
                return false;
            _ending = how;
            _receiver.Discard();
            _publishes.EndLocked(Why);
            if (farewell is { } reason)
                _outbound.AppendLocked(DisconnectPacket.Write(reason, ConnAck.Protocol));
            else
                _outbound.StopLocked();
        }
        _requests.End(Why);
        return true;
    }

    // Reads on until the broker closes too: closing with unread bytes would reset the connection and could lose the DISCONNECT.
    private async Task SayFarewellAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _outbound.WhenIdle().WaitAsync(FarewellTime, _timers.Time, cancellationToken);
            await _transport.FinishSendingAsync(cancellationToken).AsTask().WaitAsync(FarewellTime, _timers.Time, cancellationToken);
            await _reading.WaitAsync(FarewellTime, _timers.Time, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            // The broker does not listen; the connection is closed all the same.
        }
    }
}
