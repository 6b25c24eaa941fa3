using InstantNet.Contracts.Mqtt.Codec;

namespace InstantNet.Contracts.Mqtt.Wire;

/// <summary>SUBSCRIBE and UNSUBSCRIBE packets that wait for their answer. Their packet identifiers lie above those of publishes.</summary>
internal sealed class SubscriptionRequests
{
    /// <summary>Highest identifier that a publish may use.</summary>
    public const int HighestPublishId = 64_000;

    private const int FirstId = HighestPublishId + 1;
    private const int LastId = ushort.MaxValue;

    private readonly Lock _gate = new();
    private readonly Dictionary<int, Request> _waiting = [];
    private Func<MqttException>? _ended;
    private int _nextId = FirstId;

    /// <summary>Reserves an identifier.</summary>
    /// <exception cref="MqttException">The connection has ended, or all identifiers are in use.</exception>
    public Task<MqttReason[]> Begin(PacketType answer, int filters, out int packetId)
    {
        lock (_gate)
        {
            if (_ended is not null)
                throw _ended();
            if (_waiting.Count > LastId - FirstId)
                throw new MqttException(MqttFailure.TooManyWaiting, MqttReason.QuotaExceeded, "Too many subscriptions wait for an answer.", cause: null);
            while (_waiting.ContainsKey(_nextId))
                Advance();
            packetId = _nextId;
            Advance();
            var request = new Request(answer, filters, new(TaskCreationOptions.RunContinuationsAsynchronously));
            _waiting.Add(packetId, request);
            return request.Answer.Task;
        }
    }

    /// <summary>Frees the identifier of a packet that was not sent after all.</summary>
    public void Forget(int packetId)
    {
        lock (_gate)
            _waiting.Remove(packetId);
    }

    /// <param name="type">Of the answer.</param>
    /// <param name="packetId">Of the request.</param>
    /// <param name="reasons">One a filter; none in the UNSUBACK of MQTT 3.1.1, which is a success for all.</param>
    /// <returns>False when the answer belongs to no request.</returns>
    public bool Answer(PacketType type, int packetId, MqttReason[] reasons)
    {
        lock (_gate)
        {
            if (!_waiting.TryGetValue(packetId, out Request? request) || request.Type != type
                || (reasons.Length != 0 && request.Filters != reasons.Length))
                return false;
            _waiting.Remove(packetId);
            request.Answer.SetResult(reasons.Length == 0 ? new MqttReason[request.Filters] : reasons);
            return true;
        }
    }

    /// <summary>Fails every request that waits, and every later one.</summary>
    public void End(Func<MqttException> why)
    {
        lock (_gate)
        {
            _ended = why;
            foreach (Request request in _waiting.Values)
                request.Answer.SetException(why());
            _waiting.Clear();
        }
    }

    private void Advance() => _nextId = _nextId == LastId ? FirstId : _nextId + 1;

    private sealed record Request(PacketType Type, int Filters, TaskCompletionSource<MqttReason[]> Answer);
}
