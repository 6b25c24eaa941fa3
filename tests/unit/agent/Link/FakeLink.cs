using System.Collections.Concurrent;
using InstantNet.Contracts.Mqtt;

namespace InstantNet.Tests.Unit.Agent.Link;

/// <summary>A broker's retained messages and one client in memory, with the faults a test asks for.</summary>
internal sealed class FakeLink : IMessageLink
{
    private readonly Lock _lock = new();
    private readonly List<MqttPublish> _published = [];
    private readonly List<(Func<IReadOnlyList<MqttPublish>, bool> Condition, TaskCompletionSource Met)> _awaited = [];
    private readonly ConcurrentDictionary<string, MessageHandler> _handlers = new(StringComparer.Ordinal);

    public event EventHandler<LinkStatus>? StatusChanged;

    public LinkStatus Status { get; private set; } = At(isConnected: true);

    public ConcurrentDictionary<string, byte[]> Retained { get; } = new(StringComparer.Ordinal);

    /// <summary>Every filter that was subscribed to, in order.</summary>
    public ConcurrentQueue<string> Subscribed { get; } = new();

    /// <summary>How often a topic's delivery is lost before it arrives.</summary>
    public ConcurrentDictionary<string, int> Losses { get; } = new(StringComparer.Ordinal);

    /// <summary>Deliveries of each message.</summary>
    public int Copies { get; set; } = 1;

    /// <summary>Topics whose delivery waits for <see cref="ReleaseAsync"/>.</summary>
    public ConcurrentDictionary<string, bool> Withheld { get; } = new(StringComparer.Ordinal);

    /// <summary>Topics that the broker refuses.</summary>
    public HashSet<string> Refused { get; } = new(StringComparer.Ordinal);

    /// <summary>Holds publishes back until it completes.</summary>
    public Task Acknowledgement { get; set; } = Task.CompletedTask;

    /// <summary>What the broker says to each publish.</summary>
    public MqttReason Answer { get; set; } = MqttReason.Success;

    public IReadOnlyCollection<string> ActiveFilters => _handlers.Keys.ToList();

    public IReadOnlyList<MqttPublish> Published
    {
        get
        {
            lock (_lock)
                return _published.ToList();
        }
    }

    public async ValueTask<MqttReason> PublishAsync(MqttPublish message, CancellationToken cancellationToken)
    {
        await Acknowledgement.WaitAsync(cancellationToken);
        lock (_lock)
        {
            _published.Add(message);
            foreach ((_, TaskCompletionSource met) in _awaited.Where(a => a.Condition(_published)).ToList())
                met.TrySetResult();
        }

        return Answer;
    }

    public async ValueTask SubscribeAsync(string filter, MqttQos maximumQos, MessageHandler handler, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Refused.Contains(filter))
            throw new MqttException(MqttFailure.Rejected, MqttReason.NotAuthorized, $"The broker refused '{filter}'.", cause: null);
        if (!_handlers.TryAdd(filter, handler))
            throw new InvalidOperationException($"'{filter}' has a handler.");
        Subscribed.Enqueue(filter);
        if (Losses.TryGetValue(filter, out int losses) && losses > 0)
        {
            Losses[filter] = losses - 1;
            return;
        }

        if (!Withheld.ContainsKey(filter))
            await DeliverAsync(filter, cancellationToken);
    }

    public ValueTask UnsubscribeAsync(string filter, CancellationToken cancellationToken)
    {
        _handlers.TryRemove(filter, out _);
        return ValueTask.CompletedTask;
    }

    /// <summary>Delivers what was withheld, if the topic is subscribed to.</summary>
    public Task ReleaseAsync(string topic)
    {
        Withheld.TryRemove(topic, out _);
        return DeliverAsync(topic, CancellationToken.None);
    }

    public Task PublishedAsync(Func<IReadOnlyList<MqttPublish>, bool> condition)
    {
        lock (_lock)
        {
            if (condition(_published))
                return Task.CompletedTask;
            TaskCompletionSource met = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((condition, met));
            return met.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    public void Disconnect()
    {
        Status = At(isConnected: false);
        StatusChanged?.Invoke(this, Status);
    }

    public void Reconnect()
    {
        Disconnect();
        StatusChanged?.Invoke(this, Status = At(isConnected: true));
    }

    private async Task DeliverAsync(string topic, CancellationToken cancellationToken)
    {
        for (int i = 0; i < Copies; i++)
        {
            if (Retained.TryGetValue(topic, out byte[]? payload) && _handlers.TryGetValue(topic, out MessageHandler? handler))
                await handler(new MqttMessage(topic, payload, MqttQos.AtLeastOnce, Retain: true, Duplicate: i > 0, MqttProperties.None), cancellationToken);
        }
    }

    private static LinkStatus At(bool isConnected) =>
        new(isConnected, MqttFailure.None, MqttReason.Success, "As the test says.", FailedAttempts: 0, RetryIn: null);
}
