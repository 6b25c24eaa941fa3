using System.Globalization;
using System.Threading.Channels;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Mqtt;
using Microsoft.Extensions.Logging;

namespace InstantNet.Agent.Remote;

/// <summary>Commands over the broker: takes those that can be answered, carries a few out at a time and answers each once.</summary>
/// <param name="link">To the broker.</param>
/// <param name="addresses">Where commands come and answers go.</param>
/// <param name="desk">Carries them out.</param>
/// <param name="log">Diagnostics.</param>
/// <param name="time">Clock.</param>
internal sealed partial class CommandListener(
    IMessageLink link, CommandAddresses addresses, ICommandDesk desk, ILogger<CommandListener> log, TimeProvider time)
{
    /// <summary>Commands that are carried out at once.</summary>
    public const int AtOnce = 2;

    /// <summary>Commands that wait; any more are refused.</summary>
    public const int Waiting = 16;

    /// <summary>A command that names no expiry is given up after this time.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly CommandAdmission _admission = new(time);
    private readonly Channel<Command> _commands = Channel.CreateBounded<Command>(new BoundedChannelOptions(Waiting) { FullMode = BoundedChannelFullMode.Wait });

    /// <summary>Takes a message of any topic below this device; returns at once. Calls must come one after the other.</summary>
    /// <returns>False when it is no command.</returns>
    public bool TryReceive(in MqttMessage message)
    {
        if (!addresses.TryReadName(message.Topic, out string name))
            return false;
        MqttProperties properties = message.Properties;
        if (message.Retain || !addresses.IsAnswer(properties.ResponseTopic))
            LogIgnored(name, message.Retain ? "it is retained, and would come again at each connect." : "its response topic is not this device's.");
        else if (properties.MessageExpiry == TimeSpan.Zero)
            LogIgnored(name, "it has expired.");
        else
            Take(name, message);
        return true;
    }

    /// <summary>Runs until it is cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => AnswerAsync(cancellationToken)));

    private void Take(string name, in MqttMessage message)
    {
        TimeSpan limit = message.Properties.MessageExpiry is { } expiry && expiry < Longest ? expiry : Longest;
        CommandVerdict verdict = _admission.Admit(message.Properties.CorrelationData.Span);
        switch (verdict)
        {
            case CommandVerdict.Unanswerable:
                LogIgnored(name, $"its correlation data is not 1 to {CommandMessages.MaxCorrelationBytes} bytes.");
                return;
            case CommandVerdict.Repeated:
                LogRepeated(name);
                return;
        }

        // The link's buffer is gone when this returns.
        Command command = new(
            name, message.Payload.ToArray(), message.Properties.CorrelationData.ToArray(), verdict == CommandVerdict.TooMany, time.GetTimestamp(), limit);
        if (!_commands.Writer.TryWrite(command))
            LogIgnored(name, $"{Waiting} wait already.");
    }

    private async Task AnswerAsync(CancellationToken cancellationToken)
    {
        await foreach (Command command in _commands.Reader.ReadAllAsync(cancellationToken))
        {
            TimeSpan left = command.Limit - time.GetElapsedTime(command.CameAt);
            if (left <= TimeSpan.Zero)
            {
                LogIgnored(command.Name, "it expired while it waited.");
                continue;
            }

            using CancellationTokenSource patience = new(left, time);
            using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            try
            {
                CommandAnswer answer = command.IsRefused
                    ? CommandRate.Refusal
                    : await desk.AnswerAsync(command.Name, command.Payload, both.Token);
                await link.PublishAsync(MessageOf(command, answer), both.Token);
                LogAnswered(command.Name, answer.Status);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                LogIgnored(command.Name, "it took longer than anybody waits for the answer.");
            }
            catch (MqttException e)
            {
                LogIgnored(command.Name, $"its answer could not be sent: {e.Message}");
            }
        }
    }

    private MqttPublish MessageOf(Command command, CommandAnswer answer) => new(
        addresses.Answers, answer.Payload, MqttQos.AtLeastOnce,
        Properties: new MqttProperties
        {
            CorrelationData = command.Correlation,
            ContentType = answer.ContentType,
            MessageExpiry = Longest,
            UserProperties = [new MqttUserProperty(CommandMessages.StatusProperty, answer.Status.ToString(CultureInfo.InvariantCulture))],
        });

    private sealed record Command(string Name, byte[] Payload, byte[] Correlation, bool IsRefused, long CameAt, TimeSpan Limit);

    [LoggerMessage(1240, LogLevel.Information, "Command {Name} is answered with {Status}")]
    private partial void LogAnswered(string name, int status);

    [LoggerMessage(1241, LogLevel.Warning, "Command {Name} is not answered: {Reason}")]
    private partial void LogIgnored(string name, string reason);

    [LoggerMessage(1242, LogLevel.Debug, "Command {Name} came again and is not answered twice")]
    private partial void LogRepeated(string name);
}

/// <summary>Where the commands of a device come and their answers go. Immutable.</summary>
/// <param name="topics">Of the tenant.</param>
/// <param name="device">This device.</param>
internal sealed class CommandAddresses(Topics topics, WireId device)
{
    private readonly string _commands = topics.CommandsTo(device);

    /// <summary>The only topic that answers go to.</summary>
    public string Answers { get; } = topics.Up(device, UpKind.CommandResult);

    /// <summary>Whether a message asks for its answer there.</summary>
    public bool IsAnswer(string? responseTopic) => responseTopic == Answers;

    /// <summary>The name of a command; a name that no command can have is empty.</summary>
    /// <returns>False when the topic is no command's.</returns>
    public bool TryReadName(string topic, out string name)
    {
        bool isCommand = topic.StartsWith(_commands, StringComparison.Ordinal);
        name = isCommand && WireId.TryParse(topic.AsSpan(_commands.Length), out WireId? id) ? id.Value : "";
        return isCommand;
    }
}
