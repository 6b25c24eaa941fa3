using System.Threading.Channels;
using InstantNet.Agent.Remote;
using InstantNet.Contracts.Mqtt;
using Microsoft.Extensions.Logging;

namespace InstantNet.Agent.AzureIotHub;

/// <summary>Answers direct methods, a few at a time and no more than <see cref="CommandRate"/> allows. Thread safe.</summary>
/// <param name="wire">To the hub.</param>
/// <param name="desk">Carries commands out.</param>
/// <param name="log">Diagnostics.</param>
/// <param name="time">Clock.</param>
internal sealed partial class HubMethods(IMessageLink wire, ICommandDesk desk, ILogger<HubMethods> log, TimeProvider time)
{
    /// <summary>Methods that may wait; the caller of a further one is told to come later.</summary>
    public const int MostWaiting = 16;

    /// <summary>Largest answer, bytes.</summary>
    /// <remarks>Source: Microsoft, "Understand and invoke direct methods from IoT Hub": 128 KB each way.</remarks>
    public const int MaxAnswerBytes = 128 * 1024;

    private const int AtATime = 4;
    private const int TooManyRequests = 429;
    private const int InternalServerError = 500;

    private readonly CommandRate _rate = new(time);
    private readonly Channel<Call> _calls = Channel.CreateBounded<Call>(MostWaiting);

    /// <summary>Takes a call; returns before it is answered.</summary>
    public async ValueTask OnMethodAsync(MqttMessage message, CancellationToken cancellationToken)
    {
        if (!HubTopics.TryReadMethod(message.Topic, out string? name, out string? requestId))
            LogUnreadable(message.Topic);
        else if (!_rate.TryTake())
            await AnswerAsync(requestId, CommandRate.Refusal, cancellationToken);
        else if (!_calls.Writer.TryWrite(new Call(name, requestId, message.Payload.ToArray())))
            await AnswerAsync(requestId, CommandAnswer.Problem(TooManyRequests, $"{MostWaiting} commands already wait."), cancellationToken);
    }

    /// <summary>Runs until it is cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(Enumerable.Range(0, AtATime).Select(_ => WorkAsync(cancellationToken)));

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        await foreach (Call call in _calls.Reader.ReadAllAsync(cancellationToken))
        {
            CommandAnswer answer = await desk.AnswerAsync(call.Name, call.Payload, cancellationToken);
            if (answer.Payload.Length > MaxAnswerBytes)
                answer = CommandAnswer.Problem(
                    InternalServerError, $"The answer has {answer.Payload.Length} bytes: Azure IoT Hub carries {MaxAnswerBytes}.");
            await AnswerAsync(call.RequestId, answer, cancellationToken);
        }
    }

    private async ValueTask AnswerAsync(string requestId, CommandAnswer answer, CancellationToken cancellationToken)
    {
        try
        {
            await wire.PublishAsync(
                new MqttPublish(HubTopics.MethodAnswer(answer.Status, requestId), answer.Payload, MqttQos.AtMostOnce), cancellationToken);
        }
        catch (MqttException e)
        {
            LogUnanswered(e.Message); // the hub tells its caller that no answer came
        }
    }

    private sealed record Call(string Name, string RequestId, byte[] Payload);

    [LoggerMessage(1710, LogLevel.Warning, "A direct method has a topic that cannot be read: {Topic}")]
    private partial void LogUnreadable(string topic);

    [LoggerMessage(1711, LogLevel.Warning, "A direct method was carried out, but the answer could not be sent: {Reason}")]
    private partial void LogUnanswered(string reason);
}
