using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using InstantNet.Agent.Activation;
using InstantNet.Agent.Reconcile;
using InstantNet.Agent.Remote;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Mqtt;
using Microsoft.Extensions.Logging;

namespace InstantNet.Agent.Link;

/// <summary>Reads what the controller sends down and hands it to whom it concerns; what cannot be read is logged and dropped.</summary>
/// <param name="topics">Of this tenant.</param>
/// <param name="device">This device.</param>
/// <param name="targets">Take what comes.</param>
/// <param name="log">Diagnostics.</param>
internal sealed partial class Downlink(Topics topics, WireId device, DownlinkTargets targets, ILogger<Downlink> log)
{
    private readonly string _jobTopic = topics.Job(device);
    private readonly string _twinTopic = topics.DesiredTwin(device);

    /// <summary>What to subscribe to.</summary>
    public string Filter { get; } = topics.AllDownTo(device);

    /// <summary>The last state of any job that came this way; null before the first.</summary>
    public JobStatus? Executing => targets.Executions.Status;

    /// <summary>Takes a message.</summary>
    public ValueTask OnMessageAsync(MqttMessage message, CancellationToken cancellationToken)
    {
        if (message.Topic == _jobTopic)
            OnJob(message.Payload.Span);
        else if (message.Topic == _twinTopic)
            OnTwin(message.Payload.Span);
        else if (!targets.Commands.TryReceive(message))
            LogUnknown(message.Topic);
        return ValueTask.CompletedTask;
    }

    private void OnJob(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty)
            targets.Executions.Withdraw();
        else if (TryRead(payload, WireJson.Default.JobOffer, _jobTopic) is { } offer)
        {
            if (offer is { V: JobOffer.MessageVersion, Job: not null, Attempt: >= 1, Manifest: not null, Signature: not null, KeyId: not null })
                targets.Executions.Offer(offer);
            else
                LogUnreadable(_jobTopic, "a member is missing, or it has a later version.");
        }
    }

    private void OnTwin(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty)
            return; // Nothing is desired any more: the last policy stays in force.
        if (TryRead(payload, WireJson.Default.DesiredTwin, _twinTopic) is { } twin)
            targets.Desired.Receive(twin);
    }

    private T? TryRead<T>(ReadOnlySpan<byte> payload, JsonTypeInfo<T> type, string topic)
        where T : class
    {
        try
        {
            T? message = JsonSerializer.Deserialize(payload, type);
            if (message is null)
                LogUnreadable(topic, "it is null.");
            return message;
        }
        catch (JsonException e)
        {
            LogUnreadable(topic, e.Message);
            return null;
        }
    }

    [LoggerMessage(1210, LogLevel.Warning, "A message on {Topic} cannot be read: {Reason}")]
    private partial void LogUnreadable(string topic, string reason);

    [LoggerMessage(1211, LogLevel.Debug, "A message on {Topic} means nothing to this agent")]
    private partial void LogUnknown(string topic);
}

/// <summary>Who takes what the controller sends down.</summary>
/// <param name="Executions">Takes jobs.</param>
/// <param name="Desired">Takes desired twins.</param>
/// <param name="Commands">Takes commands.</param>
internal sealed record DownlinkTargets(ExecutionLoop Executions, DesiredDocument Desired, CommandListener Commands);
