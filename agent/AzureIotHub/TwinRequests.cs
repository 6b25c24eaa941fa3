using System.Collections.Concurrent;
using InstantNet.Contracts.Mqtt;

namespace InstantNet.Agent.AzureIotHub;

/// <summary>Requests about the twin that wait for their answer, by number. Thread safe.</summary>
/// <param name="wire">To the hub.</param>
/// <param name="time">Clock.</param>
internal sealed class TwinRequests(IMessageLink wire, TimeProvider time)
{
    /// <summary>How long the hub may take for an answer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<long, TaskCompletionSource<TwinAnswer>> _waiting = new();
    private long _last;

    /// <summary>Sends a request and waits for its answer.</summary>
    /// <param name="topicOf">Makes the topic from the number.</param>
    /// <param name="payload">Must not change meanwhile.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="MqttException">There is no connection, or it ended.</exception>
    public async Task<TwinAnswer> AskAsync(Func<long, string> topicOf, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        long number = Interlocked.Increment(ref _last);
        TaskCompletionSource<TwinAnswer> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[number] = answer;
        try
        {
            await wire.PublishAsync(new MqttPublish(topicOf(number), payload, MqttQos.AtMostOnce), cancellationToken);
            return await answer.Task.WaitAsync(Patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return TwinAnswer.None;
        }
        finally
        {
            _waiting.TryRemove(number, out _);
        }
    }

    /// <summary>Takes an answer; one that nobody waits for is dropped.</summary>
    public ValueTask OnAnswerAsync(MqttMessage message, CancellationToken cancellationToken)
    {
        if (HubTopics.TryReadTwinAnswer(message.Topic, out int status, out long number) && _waiting.TryGetValue(number, out TaskCompletionSource<TwinAnswer>? waiting))
            waiting.TrySetResult(new TwinAnswer(status, message.Payload.ToArray()));
        return ValueTask.CompletedTask;
    }

    /// <summary>The connection has ended: no answer will come.</summary>
    public void ConnectionEnded()
    {
        foreach (TaskCompletionSource<TwinAnswer> waiting in _waiting.Values)
            waiting.TrySetException(new MqttException(
                MqttFailure.ConnectionLost, MqttReason.UnspecifiedError, "The connection ended before the hub answered.", cause: null));
    }
}
