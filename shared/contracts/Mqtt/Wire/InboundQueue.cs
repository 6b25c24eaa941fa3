namespace InstantNet.Contracts.Mqtt.Wire;

/// <summary>Hands messages to the receiver one after the other without stopping the reader, so that a receiver may itself wait for an
/// acknowledgement. A receiver that completes at once costs no queue.</summary>
/// <param name="inbound">The receiver.</param>
/// <param name="capacity">QoS 1 messages taken unacknowledged (more is the broker's fault), and QoS 0 messages waiting (more are dropped).</param>
/// <param name="acknowledge">Sends PUBACK.</param>
/// <param name="failed">Told when the receiver threw; nothing is handed over after it.</param>
/// <param name="closed">Cancelled when the connection has ended; nothing is handed over after it.</param>
internal sealed class InboundQueue(
    IMqttInbound inbound, int capacity, Action<int> acknowledge, Action<Exception> failed, CancellationToken closed)
{
    private readonly Lock _gate = new();
    private readonly Queue<Entry> _waiting = new();
    private bool _busy;
    private int _unacknowledged;
    private int _waitingUnconfirmed;
    private long _dropped;

    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>The handing over in progress or the last one; never faults.</summary>
    public Task Delivering { get; private set; } = Task.CompletedTask;

    /// <summary>Called by the reader only.</summary>
    /// <param name="message">Lies in <paramref name="block"/>.</param>
    /// <param name="packetId">Zero for QoS 0.</param>
    /// <param name="block">Held until the receiver is done.</param>
    /// <returns>False when the broker sent more than it was allowed to.</returns>
    public bool Deliver(in MqttMessage message, int packetId, RentedBlock block)
    {
        if (packetId != 0 && Interlocked.Increment(ref _unacknowledged) > capacity)
            return false;
        var entry = new Entry(message, packetId, block);
        if (EnqueueWhenBusy(entry))
            return true;

        // Not busy: only this thread can start a delivery, so the receiver is ours.
        block.Hold();
        ValueTask pending = Receive(entry);
        if (pending.IsCompletedSuccessfully)
        {
            pending.GetAwaiter().GetResult();
            Finish(entry);
            return true;
        }
        lock (_gate)
            _busy = true;
        Delivering = DeliverRestAsync(pending, entry);
        return true;
    }

    private bool EnqueueWhenBusy(in Entry entry)
    {
        if (!Volatile.Read(ref _busy))
            return false;
        lock (_gate)
        {
            if (!_busy)
                return false;
            if (entry.PacketId == 0 && ++_waitingUnconfirmed > capacity)
            {
                _waitingUnconfirmed--;
                Interlocked.Increment(ref _dropped);
                return true;
            }
            entry.Block.Hold();
            _waiting.Enqueue(entry);
            return true;
        }
    }

    private async Task DeliverRestAsync(ValueTask pending, Entry entry)
    {
        try
        {
            while (true)
            {
                await pending;
                Finish(entry);
                if (!TryDequeue(out entry))
                    return;
                pending = Receive(entry);
            }
        }
        // The one catch of this loop: whatever the receiver threw ends the connection with that reason.
        catch (Exception e)
        {
            entry.Block.Release();
            failed(e);
            ReleaseWaiting();
        }
    }

    private ValueTask Receive(in Entry entry)
    {
        try
        {
            return inbound.OnMessageAsync(entry.Message, closed);
        }
        catch (Exception e)
        {
            return ValueTask.FromException(e);
        }
    }

    private void Finish(in Entry entry)
    {
        entry.Block.Release();
        if (entry.PacketId == 0)
            return;
        Interlocked.Decrement(ref _unacknowledged);
        acknowledge(entry.PacketId);
    }

    private bool TryDequeue(out Entry entry)
    {
        if (closed.IsCancellationRequested)
            ReleaseWaiting();
        lock (_gate)
        {
            if (_waiting.TryDequeue(out entry))
            {
                if (entry.PacketId == 0)
                    _waitingUnconfirmed--;
                return true;
            }
            _busy = false;
            return false;
        }
    }

    private void ReleaseWaiting()
    {
        lock (_gate)
        {
            while (_waiting.TryDequeue(out Entry entry))
                entry.Block.Release();
            _waitingUnconfirmed = 0;
        }
    }

    private readonly record struct Entry(MqttMessage Message, int PacketId, RentedBlock Block);
}
