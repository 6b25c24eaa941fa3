using System.Text.Json;
using System.Threading.Channels;
using InstantNet.Agent.Activation;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Mqtt;
using Microsoft.Extensions.Logging;

namespace InstantNet.Agent.Link;

/// <summary>Sends alarms in order, each change once or, after a kill, twice. What was not sent waits on the disk, the oldest giving way.</summary>
internal sealed partial class AlarmPublisher : IAlarms
{
    /// <summary>Most changes that wait.</summary>
    public const int MostWaiting = 256;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly IMessageLink _link;
    private readonly string _topic;
    private readonly AlarmFile _file;
    private readonly ILogger<AlarmPublisher> _log;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _open;
    private readonly HashSet<string> _inherited;
    private readonly LinkedList<Alarm> _waiting;
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <param name="link">To the broker.</param>
    /// <param name="topic">Of alarms.</param>
    /// <param name="file">Where they outlive the agent.</param>
    /// <param name="log">Every alarm is logged too.</param>
    /// <param name="time">Clock.</param>
    public AlarmPublisher(IMessageLink link, string topic, AlarmFile file, ILogger<AlarmPublisher> log, TimeProvider time)
    {
        (_link, _topic, _file, _log, _time) = (link, topic, file, log, time);
        AlarmBook book = file.Read();
        _open = new Dictionary<string, string>(book.Open, StringComparer.Ordinal);
        _inherited = [.. _open.Keys];
        _waiting = new LinkedList<Alarm>(book.Waiting);
        _signal.Writer.TryWrite(true);
    }

    /// <inheritdoc/>
    public void Raise(string key, string text)
    {
        lock (_lock)
        {
            _inherited.Remove(key);
            if (_open.TryGetValue(key, out string? open) && open == text)
                return;
            _open[key] = text;
            LogRaised(key, text);
            SendLocked(key, raised: true, text);
        }
    }

    /// <inheritdoc/>
    public void Clear(string key)
    {
        lock (_lock)
        {
            _inherited.Remove(key);
            if (!_open.Remove(key, out string? text))
                return;
            LogCleared(key);
            SendLocked(key, raised: false, text);
        }
    }

    /// <summary>Closes what an earlier run left open and this one has not raised again; to be called once the agent has looked at itself.</summary>
    public void Settle()
    {
        lock (_lock)
        {
            foreach (string key in _inherited.ToArray())
                Clear(key);
        }
    }

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (Peek() is not { } alarm)
            {
                await _signal.Reader.ReadAsync(cancellationToken);
                continue;
            }

            try
            {
                byte[] payload = JsonSerializer.SerializeToUtf8Bytes(alarm, WireJson.Default.Alarm);
                await _link.PublishAsync(new MqttPublish(_topic, payload, MqttQos.AtLeastOnce), cancellationToken);
                Sent(alarm);
            }
            catch (MqttException e) when (e.Failure is MqttFailure.Rejected or MqttFailure.TooLarge)
            {
                LogRefused(alarm.Key, e.Message);
                Sent(alarm);
            }
            catch (MqttException e)
            {
                LogRefused(alarm.Key, e.Message);
                await Task.Delay(RetryAfter, _time, cancellationToken);
            }
        }
    }

    private void SendLocked(string key, bool raised, string text)
    {
        _waiting.AddLast(new Alarm(Alarm.MessageVersion, key, raised, text, _time.GetUtcNow()));
        if (_waiting.Count > MostWaiting)
            _waiting.RemoveFirst();
        KeepLocked();
        _signal.Writer.TryWrite(true);
    }

    private Alarm? Peek()
    {
        lock (_lock)
            return _waiting.First?.Value;
    }

    private void Sent(Alarm alarm)
    {
        lock (_lock)
        {
            _waiting.Remove(alarm);
            KeepLocked();
        }
    }

    private void KeepLocked()
    {
        try
        {
            _file.Write(new AlarmBook(AlarmBook.FormatVersion, new Dictionary<string, string>(_open), [.. _waiting]));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnkept(e.Message);
        }
    }

    [LoggerMessage(1200, LogLevel.Warning, "Alarm {Key}: {Text}")]
    private partial void LogRaised(string key, string text);

    [LoggerMessage(1201, LogLevel.Information, "Alarm {Key} is over")]
    private partial void LogCleared(string key);

    [LoggerMessage(1202, LogLevel.Warning, "Alarm {Key} could not be sent: {Reason}")]
    private partial void LogRefused(string key, string reason);

    [LoggerMessage(1203, LogLevel.Warning, "Alarms are kept in memory only: {Reason}")]
    private partial void LogUnkept(string reason);
}
