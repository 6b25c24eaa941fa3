using System.Threading.Tasks.Sources;
using InstantNet.Contracts.Mqtt.Codec;

namespace InstantNet.Contracts.Mqtt.Wire;

/// <summary>The pending result of one publish, reused for the next. Its pipeline's gate protects it.</summary>
internal sealed class PublishAck(PublishPipeline owner) : IValueTaskSource<MqttReason>
{
    private ManualResetValueTaskSourceCore<MqttReason> _result = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _cancellation;

    /// <summary>Changes with each use, so that a stale entry of the queue is recognised.</summary>
    public long Ticket { get; private set; }

    public bool IsCompleted { get; private set; }

    /// <summary>Index in the window; -1 while the message waits for room.</summary>
    public int Slot { get; set; } = -1;

    public MqttPublish Message { get; private set; }

    public PublishPacket.Layout Layout { get; private set; }

    public ValueTask<MqttReason> TaskLocked => new(this, _result.Version);

    public void BeginLocked(in MqttPublish message, PublishPacket.Layout layout)
    {
        Message = message;
        Layout = layout;
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
            owner.TakeBack(this);
        }
    }

    ValueTaskSourceStatus IValueTaskSource<MqttReason>.GetStatus(short token) => _result.GetStatus(token);

    void IValueTaskSource<MqttReason>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _result.OnCompleted(continuation, state, token, flags);

    private void Cancel(CancellationToken cancellationToken) => owner.Cancel(this, cancellationToken);
}
