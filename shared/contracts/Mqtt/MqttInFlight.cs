using InstantNet.Contracts.Mqtt.Wire;

namespace InstantNet.Contracts.Mqtt;

/// <summary>Messages at QoS 1 that were sent on connections of one client which ended before the acknowledgement. The next connection begins with
/// them: under their packet identifiers and marked as repeated when the broker kept the session, else as new messages. Give it to one
/// connection at a time. Thread-safe.</summary>
/// <remarks>Source: OASIS MQTT 5.0, section 4.4. A message whose publish was cancelled is not kept: its payload may have changed since.</remarks>
public sealed class MqttInFlight
{
    private readonly Lock _gate = new();
    private readonly List<PublishAck> _kept = [];
    private Func<MqttException>? _ended;

    /// <param name="maxSends">Connections on which one message may be lost before its publish fails with <see cref="MqttFailure.Unacknowledged"/>,
    /// so that a message which makes the broker hang up cannot do so for ever; at least 1.</param>
    public MqttInFlight(int maxSends)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxSends, 1);
        MaxSends = maxSends;
    }

    /// <summary>Connections on which one message may be lost.</summary>
    public int MaxSends { get; }

    /// <summary>Messages that wait for the next connection.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _kept.Count;
        }
    }

    /// <summary>Fails what is kept and whatever would be kept later: there will be no further connection.</summary>
    internal void End(Func<MqttException> why)
    {
        lock (_gate)
        {
            _ended = why;
            foreach (PublishAck ack in _kept)
                ack.FailLocked(why());
            _kept.Clear();
        }
    }

    /// <summary>Takes messages over from a connection that has ended; its gate is held.</summary>
    /// <param name="unacknowledged">In the order in which they were sent first.</param>
    internal void Put(IEnumerable<PublishAck> unacknowledged)
    {
        lock (_gate)
        {
            foreach (PublishAck ack in unacknowledged)
            {
                if (_ended is not null)
                    ack.FailLocked(_ended());
                else if (ack.Sends >= MaxSends)
                    ack.FailLocked(GivenUp(ack));
                else
                {
                    ack.Keeper = this;
                    _kept.Add(ack);
                }
            }
        }
    }

    /// <summary>Hands all over to a connection; its gate is held.</summary>
    internal IReadOnlyList<PublishAck> MoveTo(PublishPipeline pipeline)
    {
        lock (_gate)
        {
            PublishAck[] kept = [.. _kept];
            foreach (PublishAck ack in kept)
                ack.Keeper = pipeline;
            _kept.Clear();
            return kept;
        }
    }

    /// <returns>False when the message has moved on meanwhile.</returns>
    internal bool TryCancel(PublishAck ack, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(ack.Keeper, this))
                return false;
            if (_kept.Remove(ack))
                ack.FailLocked(new OperationCanceledException(cancellationToken));
            return true;
        }
    }

    private static MqttException GivenUp(PublishAck ack) => new(
        MqttFailure.Unacknowledged, MqttReason.UnspecifiedError,
        $"The message to '{ack.Message.Topic}' was sent on {ack.Sends} connections, and each ended before the broker acknowledged it.", cause: null);
}
