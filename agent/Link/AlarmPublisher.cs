using System.Text.Json;
using System.Threading.Channels;
using InstantNet.Agent.Activation;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Mqtt;
using Microsoft.Extensions.Logging;

namespace InstantNet.Agent.Link;

/// <summary>Sends alarms in order, each change once. Alarms raised while there is no link wait in memory, the oldest giving way.</summary>
/// <param name="link">To the broker.</param>
/// <param name="topic">Of alarms.</param>
/// <param name="log">Every alarm is logged too.</param>
/// <param name="time">Clock.</param>
internal sealed partial class AlarmPublisher(IMessageLink link, string topic, ILogger<AlarmPublisher> log, TimeProvider time) : IAlarms
{
    private const int MostWaiting = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _open = new(StringComparer.Ordinal);
    private readonly Channel<Alarm> _queue = Channel.CreateBounded<Alarm>(
        new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    /// <inheritdoc/>
    public void Raise(string key, string text)
    {
        lock (_lock)
        {
            if (_open.TryGetValue(key, out string? open) && open == text)
                return;
            _open[key] = text;
            LogRaised(key, text);
            Send(key, raised: true, text);
        }
    }

    /// <inheritdoc/>
    public void Clear(string key)
    {
        lock (_lock)
        {
            if (!_open.Remove(key, out string? text))
                return;
            LogCleared(key);
            Send(key, raised: false, text);
        }
    }

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (Alarm alarm in _queue.Reader.ReadAllAsync(cancellationToken))
        {
            try
            {
                byte[] payload = JsonSerializer.SerializeToUtf8Bytes(alarm, WireJson.Default.Alarm);
                await link.PublishAsync(new MqttPublish(topic, payload, MqttQos.AtLeastOnce), cancellationToken);
            }
            catch (MqttException e)
            {
                LogRefused(alarm.Key, e.Message);
            }
        }
    }

    private void Send(string key, bool raised, string text) =>
        _queue.Writer.TryWrite(new Alarm(Alarm.MessageVersion, key, raised, text, time.GetUtcNow()));

    [LoggerMessage(1200, LogLevel.Warning, "Alarm {Key}: {Text}")]
    private partial void LogRaised(string key, string text);

    [LoggerMessage(1201, LogLevel.Information, "Alarm {Key} is over")]
    private partial void LogCleared(string key);

    [LoggerMessage(1202, LogLevel.Warning, "Alarm {Key} could not be sent: {Reason}")]
    private partial void LogRefused(string key, string reason);
}
