using System.Collections.Concurrent;
using System.Security.Cryptography;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Mqtt;

namespace InstantNet.Controller.Remote;

/// <summary>Sends commands to devices and brings each answer to whoever waits for it. Thread safe.</summary>
/// <remarks>The answer must reach the controller that asked: where several share the ingest, only one of them may take commands.</remarks>
internal sealed partial class CommandCalls(Topics topics, TimeProvider time, ILogger<CommandCalls> log)
{
    private const int CorrelationBytes = 16;
    private readonly ConcurrentDictionary<(WireId Device, string Correlation), TaskCompletionSource<CommandReply>> _open = new();

    /// <summary>Sends a command and waits for its answer.</summary>
    /// <param name="link">To the broker.</param>
    /// <param name="device">Whom.</param>
    /// <param name="command">What.</param>
    /// <param name="patience">After this long the command has expired and nobody waits any more.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The answer; null when none came in time.</returns>
    /// <exception cref="DeviceAwayException">The broker has no subscriber for the command.</exception>
    public async Task<CommandReply?> CallAsync(
        IMessageLink link, WireId device, DeviceCommandCall command, TimeSpan patience, CancellationToken cancellationToken)
    {
        byte[] correlation = RandomNumberGenerator.GetBytes(CorrelationBytes);
        (WireId, string) key = (device, Convert.ToHexString(correlation));
        TaskCompletionSource<CommandReply> answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _open[key] = answered;
        using CancellationTokenSource limit = new(patience, time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            MqttProperties properties = new()
            {
                ResponseTopic = topics.Up(device, UpKind.CommandResult),
                CorrelationData = correlation,
                MessageExpiry = patience,
                ContentType = CommandMessages.Json,
            };
            MqttReason sent = await link.PublishAsync(
                new MqttPublish(topics.Command(device, command.Name.Value), command.Payload, MqttQos.AtLeastOnce, Properties: properties), both.Token);
            if (sent == MqttReason.NoMatchingSubscribers)
                throw new DeviceAwayException();
            return await answered.Task.WaitAsync(both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            _open.TryRemove(key, out _);
        }
    }

    /// <summary>Takes an answer of a device; one that nobody waits for, or that cannot be read, is dropped.</summary>
    public ValueTask HandleAsync(MqttMessage message, CancellationToken cancellationToken)
    {
        if (!Topics.TryReadUp(message.Topic, out WireId? tenant, out WireId? device, out _) || tenant != topics.Tenant)
            return ValueTask.CompletedTask;
        if (CommandReply.Read(message) is not { } reply)
            LogUnreadable(device);
        else if (_open.TryGetValue((device, Convert.ToHexString(message.Properties.CorrelationData.Span)), out TaskCompletionSource<CommandReply>? waiting))
            waiting.TrySetResult(reply);
        return ValueTask.CompletedTask;
    }

    [LoggerMessage(701, LogLevel.Warning, "An answer of {Device} to a command cannot be read; it is dropped.")]
    private partial void LogUnreadable(WireId device);
}

/// <summary>A command to a device.</summary>
/// <param name="Name">Which.</param>
/// <param name="Payload">JSON; empty for none.</param>
internal sealed record DeviceCommandCall(WireId Name, byte[] Payload);

/// <summary>A device has no connection, though its last words were that it has.</summary>
internal sealed class DeviceAwayException : Exception;
