using InstantNet.Contracts.Mqtt.Codec;

namespace InstantNet.Contracts.Mqtt.Wire;

/// <summary>Outgoing messages: encodes them in order, keeps at most a window of QoS 1 messages unacknowledged, and holds the rest back until
/// there is room in the window and in the write buffer.</summary>
/// <param name="gate">The connection's lock; never held while waiting.</param>
/// <param name="outbound">Where packets go.</param>
/// <param name="window">Most unacknowledged QoS 1 messages; packet identifiers are 1..window.</param>
internal sealed class PublishPipeline(Lock gate, OutboundBuffer outbound, int window)
{
    /// <summary>Publishes wait while this much is not yet written.</summary>
    private const int HighWaterBytes = 256 * 1024;

    /// <summary>Publishes that may wait for room, a reference to their message each; a further one fails at once.</summary>
    public const int MostHeld = 100_000;

    private const int FirstSlots = 16;

    private readonly Queue<(PublishAck Ack, long Ticket)> _held = new();
    private readonly Stack<PublishAck> _spare = new();
    private readonly Stack<int> _freeSlots = new();
    private PublishAck?[] _slots = [];
    private int _slotsEverUsed;
    private int _inFlight;
    private PublishAck? _abandoned;
    private Func<MqttException>? _ended;

    /// <exception cref="MqttException">The connection has ended, or too many publishes already wait for room.</exception>
    public ValueTask<MqttReason> Publish(in MqttPublish message, PublishPacket.Layout layout, CancellationToken cancellationToken)
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
                WriteLocked(message, layout, packetId: 0);
                return new ValueTask<MqttReason>(MqttReason.Success);
            }
            bool goes = room && _inFlight < window;
            if (!goes && _held.Count >= MostHeld)
                throw new MqttException(
                    MqttFailure.TooManyWaiting, MqttReason.QuotaExceeded, $"{MostHeld} publishes already wait until the broker takes more.", cause: null);
            ack = _spare.TryPop(out PublishAck? spare) ? spare : new PublishAck(this);
            ack.BeginLocked(message, layout);
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
                ack.FailLocked(new MqttException(MqttFailure.Rejected, reason, Refusal(ack.Message.Topic, reason, reasonText), cause: null));
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
                    WriteLocked(next.Ack.Message, next.Ack.Layout, packetId: 0);
                    next.Ack.CompleteLocked(MqttReason.Success);
                }
                else if (_inFlight < window)
                    SendLocked(next.Ack);
                else
                    return;
            }
            _held.Dequeue();
        }
    }

    /// <summary>Fails everything that is unacknowledged or held back, and every later publish.</summary>
    public void EndLocked(Func<MqttException> why)
    {
        _ended = why;
        foreach (PublishAck? ack in _slots.AsSpan(0, _slotsEverUsed))
        {
            if (ack is not null && !ReferenceEquals(ack, _abandoned))
                ack.FailLocked(why());
        }
        _slots = [];
        _slotsEverUsed = 0;
        while (_held.TryDequeue(out var held))
        {
            if (held.Ack.Ticket == held.Ticket && !held.Ack.IsCompleted)
                held.Ack.FailLocked(why());
        }
    }

    public void Cancel(PublishAck ack, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (ack.IsCompleted)
                return;
            if (ack.Slot >= 0 && ack.Slot < _slots.Length)
                _slots[ack.Slot] = _abandoned ??= new PublishAck(this);
            ack.FailLocked(new OperationCanceledException(cancellationToken));
        }
    }

    public void TakeBack(PublishAck ack)
    {
        lock (gate)
        {
            ack.ResetLocked();
            if (_spare.Count < window)
                _spare.Push(ack);
        }
    }

    private void SendLocked(PublishAck ack)
    {
        if (!_freeSlots.TryPop(out int slot))
        {
            slot = _slotsEverUsed++;
            if (slot == _slots.Length)
                Array.Resize(ref _slots, Math.Max(FirstSlots, slot * 2));
        }
        _slots[slot] = ack;
        ack.Slot = slot;
        _inFlight++;
        WriteLocked(ack.Message, ack.Layout, packetId: slot + 1);
    }

    private void WriteLocked(in MqttPublish message, PublishPacket.Layout layout, int packetId)
    {
        PublishPacket.Write(outbound.RoomLocked(layout.TotalBytes), message, layout, packetId);
        outbound.CommitLocked(layout.TotalBytes);
    }

    private static string Refusal(string topic, MqttReason reason, string? reasonText) =>
        $"The broker refused the message to '{topic}': {reason.Describe()}{(reasonText is null ? "" : ", " + reasonText)}.";
}
