using InstantNet.Contracts.Mqtt.Codec;

namespace InstantNet.Contracts.Mqtt.Wire;

/// <summary>Outgoing messages: encodes them in order, keeps at most a window of QoS 1 messages unacknowledged, and holds the rest back until
/// there is room in the window and in the write buffer.</summary>
/// <param name="gate">The connection's lock; never held while waiting.</param>
/// <param name="outbound">Where packets go.</param>
/// <param name="connAck">What the broker takes.</param>
/// <param name="options">What this side wants at most.</param>
internal sealed class PublishPipeline(Lock gate, OutboundBuffer outbound, MqttConnAck connAck, MqttConnectOptions options)
{
    /// <summary>Publishes wait while this much is not yet written.</summary>
    private const int HighWaterBytes = 256 * 1024;

    /// <summary>Publishes that may wait for room, a reference to their message each; a further one fails at once.</summary>
    public const int MostHeld = 100_000;

    private const int FirstSlots = 16;

    private readonly MqttInFlight? _kept = options.InFlight;
    private readonly int _window = Math.Min(Math.Min(connAck.ReceiveMaximum, options.MaxInFlight), SubscriptionRequests.HighestPublishId);
    private readonly TopicAliases _aliases = new(Math.Min(connAck.TopicAliasMaximum, options.PublishAliasMaximum));
    private readonly Queue<(PublishAck Ack, long Ticket)> _held = new();
    private readonly Stack<PublishAck> _spare = new();
    private readonly Stack<int> _freeSlots = new();
    private PublishAck?[] _slots = [];
    private int _slotsEverUsed;
    private int _inFlight;
    private long _sent;
    private PublishAck? _abandoned;
    private Func<MqttException>? _ended;

    /// <summary>Sends again what earlier connections left unacknowledged, before anything else: under the same identifiers if the broker kept the
    /// session, which then are not given to others, else as new.</summary>
    public void Resume()
    {
        if (_kept is null)
            return;
        lock (gate)
        {
            IReadOnlyList<PublishAck> kept = _kept.MoveTo(this);
            if (connAck.SessionPresent)
                ReserveLocked(kept);
            foreach (PublishAck ack in kept)
            {
                if (!connAck.SessionPresent)
                    ack.Slot = -1;
                _held.Enqueue((ack, ack.Ticket));
            }
            SendHeldLocked();
        }
    }

    /// <param name="message">What to send.</param>
    /// <param name="layout">Its sizes.</param>
    /// <param name="kept">True when it may outlive this connection.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="MqttException">The connection has ended, or too many publishes already wait for room.</exception>
    public ValueTask<MqttReason> Publish(in MqttPublish message, PublishPacket.Layout layout, bool kept, CancellationToken cancellationToken)
    {
        PublishAck ack;
        ValueTask<MqttReason> task;
        lock (gate)
        {
            if (_ended is not null)
                throw _ended();
            bool room = _held.Count == 0 && outbound.PendingBytesLocked < HighWaterBytes;
            if (room && message.Qos == MqttQos.AtMostOnce)
            {
                WriteLocked(message, layout, packetId: 0, again: false);
                return new ValueTask<MqttReason>(MqttReason.Success);
            }
            bool goes = room && _inFlight < _window;
            if (!goes && _held.Count >= MostHeld)
                throw new MqttException(
                    MqttFailure.TooManyWaiting, MqttReason.QuotaExceeded, $"{MostHeld} publishes already wait until the broker takes more.", cause: null);
            ack = _spare.TryPop(out PublishAck? spare) ? spare : new PublishAck { Keeper = this };
            ack.BeginLocked(message, layout, kept && _kept is not null);
            if (goes)
                SendLocked(ack);
            else
                _held.Enqueue((ack, ack.Ticket));
            task = ack.TaskLocked;
        }
        if (cancellationToken.CanBeCanceled)
            ack.CancelOn(cancellationToken);
        return task;
    }

    /// <summary>Takes a PUBACK.</summary>
    /// <returns>False when no message with this identifier is on its way.</returns>
    public bool Acknowledge(int packetId, MqttReason reason, string? reasonText)
    {
        int slot = packetId - 1;
        lock (gate)
        {
            if (slot < 0 || slot >= _slotsEverUsed || _slots[slot] is not { } ack)
                return false;
            _slots[slot] = null;
            _freeSlots.Push(slot);
            _inFlight--;
            if (ReferenceEquals(ack, _abandoned))
            {
                // Cancelled by its caller: only the identifier was still in use.
            }
            else if (reason.IsFailure())
                ack.FailLocked(new MqttException(MqttFailure.Rejected, reason, BrokerLimits.Refusal(ack.Message.Topic, reason, reasonText), cause: null));
            else
                ack.CompleteLocked(reason);
            SendHeldLocked();
            return true;
        }
    }

    /// <summary>Sends what waited, as far as there is room.</summary>
    public void SendHeldLocked()
    {
        while (_held.TryPeek(out var next))
        {
            if (next.Ack.Ticket == next.Ticket && !next.Ack.IsCompleted)
            {
                if (outbound.PendingBytesLocked >= HighWaterBytes)
                    return;
                if (next.Ack.Message.Qos == MqttQos.AtMostOnce)
                {
                    WriteLocked(next.Ack.Message, next.Ack.Layout, packetId: 0, again: false);
                    next.Ack.CompleteLocked(MqttReason.Success);
                }
                else if (_inFlight < _window)
                    SendLocked(next.Ack);
                else
                    return;
            }
            _held.Dequeue();
        }
    }

    /// <summary>Fails everything that is unacknowledged or held back, and every later publish; what was sent and is to be kept goes where it is kept.</summary>
    public void EndLocked(Func<MqttException> why)
    {
        _ended = why;
        List<PublishAck> unacknowledged = [];
        foreach (PublishAck? ack in _slots.AsSpan(0, _slotsEverUsed))
        {
            if (ack is null || ReferenceEquals(ack, _abandoned))
                continue;
            if (ack.IsKept)
                unacknowledged.Add(ack);
            else
                ack.FailLocked(why());
        }
        unacknowledged.Sort(static (a, b) => a.Order.CompareTo(b.Order));
        _slots = [];
        _slotsEverUsed = 0;
        while (_held.TryDequeue(out var held))
        {
            if (held.Ack.Ticket != held.Ticket || held.Ack.IsCompleted)
                continue;
            if (held.Ack.IsKept && held.Ack.Sends > 0)
                unacknowledged.Add(held.Ack);
            else
                held.Ack.FailLocked(why());
        }
        _kept?.Put(unacknowledged);
    }

    /// <returns>False when the message has moved on meanwhile.</returns>
    public bool TryCancel(PublishAck ack, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (!ReferenceEquals(ack.Keeper, this))
                return false;
            if (ack.IsCompleted)
                return true;
            if (ack.Slot >= 0 && ack.Slot < _slots.Length)
            {
                if (ReferenceEquals(_slots[ack.Slot], ack))
                    _slots[ack.Slot] = _abandoned ??= new PublishAck { Keeper = this };
                else
                    _freeSlots.Push(ack.Slot); // was to be sent again
            }
            ack.FailLocked(new OperationCanceledException(cancellationToken));
            return true;
        }
    }

    public void TakeBack(PublishAck ack)
    {
        lock (gate)
        {
            ack.ResetLocked();
            if (_spare.Count < _window)
                _spare.Push(ack);
        }
    }

    private void ReserveLocked(IReadOnlyList<PublishAck> kept)
    {
        bool[] reserved = new bool[kept.Select(ack => ack.Slot + 1).DefaultIfEmpty(0).Max()];
        foreach (PublishAck ack in kept.Where(ack => ack.Slot >= 0))
            reserved[ack.Slot] = true;
        _slots = new PublishAck?[reserved.Length];
        _slotsEverUsed = reserved.Length;
        for (int slot = reserved.Length - 1; slot >= 0; slot--)
        {
            if (!reserved[slot])
                _freeSlots.Push(slot);
        }
    }

    private void SendLocked(PublishAck ack)
    {
        bool again = ack.Slot >= 0;
        if (!again)
            ack.Slot = FreeSlotLocked();
        _slots[ack.Slot] = ack;
        ack.Sends++;
        ack.Order = _sent++;
        _inFlight++;
        WriteLocked(ack.Message, ack.Layout, packetId: ack.Slot + 1, again);
    }

    private int FreeSlotLocked()
    {
        if (_freeSlots.TryPop(out int slot))
            return slot;
        slot = _slotsEverUsed++;
        if (slot >= _slots.Length)
            Array.Resize(ref _slots, Math.Max(FirstSlots, slot * 2));
        return slot;
    }

    private void WriteLocked(in MqttPublish message, PublishPacket.Layout layout, int packetId, bool again)
    {
        long room = (connAck.MaxPacketBytes ?? long.MaxValue) - layout.TotalBytes;
        TopicAlias alias = _aliases.Next(message.Topic, layout.TopicBytes, room);
        PublishPacket.Layout written = layout.With(alias);
        int bytes = written.TotalBytes;
        PublishPacket.Write(outbound.RoomLocked(bytes), message, written, alias, packetId, again);
        outbound.CommitLocked(bytes);
    }
}
