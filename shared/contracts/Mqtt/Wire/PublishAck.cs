using System.Threading.Tasks.Sources;
using InstantNet.Contracts.Mqtt.Codec;

namespace InstantNet.Contracts.Mqtt.Wire;

/// <summary>The pending result of one publish, reused for the next. The gate of whoever keeps it protects it.</summary>
internal sealed class PublishAck : IValueTaskSource<MqttReason>
{
    private ManualResetValueTaskSourceCore<MqttReason> _result = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _cancellation;

    /// <summary>The <see cref="PublishPipeline"/> of a connection, or the <see cref="MqttInFlight"/> between two. Changes under the gate of both.</summary>
    public required object Keeper { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }

    /// <summary>Changes with each use, so that a stale entry of the queue is recognised.</summary>
    public long Ticket { get; private set; }

    public bool IsCompleted { get; private set; }

    /// <summary>Packet identifier less one, also while the message waits to be sent again under it; -1 before it was sent.</summary>
    public int Slot { get; set; } = -1;

    /// <summary>True when the message outlives its connection.</summary>
    public bool IsKept { get; private set; }

    /// <summary>Connections on which it was sent.</summary>
    public int Sends { get; set; }

    /// <summary>Position among all messages sent on the connection.</summary>
    public long Order { get; set; }

    public MqttPublish Message { get; private set; }

    public PublishPacket.Layout Layout { get; private set; }

    public ValueTask<MqttReason> TaskLocked => new(this, _result.Version);

    public void BeginLocked(in MqttPublish message, PublishPacket.Layout layout, bool kept)
    {
        Message = message;
        Layout = layout;
        IsKept = kept;
    }

    /// <summary>Must be called before the task is handed out.</summary>
    public void CancelOn(CancellationToken cancellationToken) =>
        _cancellation = cancellationToken.UnsafeRegister(static (state, token) => ((PublishAck)state!).Cancel(token), this);

    public void CompleteLocked(MqttReason reason)
    {
        IsCompleted = true;
        _result.SetResult(reason);
    }

    public void FailLocked(Exception exception)
    {
        IsCompleted = true;
        _result.SetException(exception);
    }

    /// <summary>Makes the object ready for its next use.</summary>
    public void ResetLocked()
    {
        _result.Reset();
        Ticket++;
        IsCompleted = false;
        Slot = -1;
        Sends = 0;
        Message = default;
    }

    MqttReason IValueTaskSource<MqttReason>.GetResult(short token)
    {
        // Waits for a cancellation that is just running, so that it cannot hit the next use.
        _cancellation.Dispose();
        _cancellation = default;
        try
        {
            return _result.GetResult(token);
        }
        finally
        {
            // One that ended between two connections belongs to none, and is not used again.
            if (Keeper is PublishPipeline pipeline)
                pipeline.TakeBack(this);
        }
    }

    ValueTaskSourceStatus IValueTaskSource<MqttReason>.GetStatus(short token) => _result.GetStatus(token);

    void IValueTaskSource<MqttReason>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _result.OnCompleted(continuation, state, token, flags);

    private void Cancel(CancellationToken cancellationToken)
    {
        while (true)
        {
            bool cancelled = Keeper switch
            {
                PublishPipeline pipeline => pipeline.TryCancel(this, cancellationToken),
                MqttInFlight kept => kept.TryCancel(this, cancellationToken),
                _ => true,
            };
            if (cancelled)
                return; // else it moved from one to the other at this very moment
        }
    }
}
