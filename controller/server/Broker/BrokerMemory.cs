using System.Collections.Concurrent;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Mqtt;

namespace InstantNet.Controller.Broker;

/// <summary>Asks the broker which topics hold a retained message. One question at a time.</summary>
/// <remarks>Retained messages come in the order of the subscriptions, so the controller's own presence, subscribed last, says that
/// all that is there has come: no waiting for silence.</remarks>
internal sealed class BrokerMemory(ControllerLink controller, Topics topics)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <returns>The topics that hold a message; fewer when the broker did not answer in time.</returns>
    public async Task<IReadOnlySet<string>> PresentAsync(IReadOnlyCollection<string> asked, CancellationToken cancellationToken)
    {
        ConcurrentDictionary<string, bool> present = new(StringComparer.Ordinal);
        TaskCompletionSource complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
        List<string> subscribed = [];
        try
        {
            foreach (string topic in asked)
            {
                subscribed.Add(topic);
                await controller.Link.SubscribeAsync(topic, MqttQos.AtLeastOnce, (message, _) => Note(message), cancellationToken);
            }

            subscribed.Add(topics.ControllerState);
            await controller.Link.SubscribeAsync(topics.ControllerState, MqttQos.AtLeastOnce, (_, _) => End(), cancellationToken);
            await complete.Task.WaitAsync(Patience, cancellationToken);
        }
        catch (TimeoutException)
        {
            // What did not come is sent again, which does no harm.
        }
        finally
        {
            foreach (string topic in subscribed)
                await controller.Link.UnsubscribeAsync(topic, CancellationToken.None);
        }

        return present.Keys.ToHashSet(StringComparer.Ordinal);

        ValueTask Note(MqttMessage message)
        {
            present[message.Topic] = true;
            return ValueTask.CompletedTask;
        }

        ValueTask End()
        {
            complete.TrySetResult();
            return ValueTask.CompletedTask;
        }
    }
}
