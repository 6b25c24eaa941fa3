using InstantNet.Agent.Configuration;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Mqtt;
using Microsoft.Extensions.Logging;

namespace InstantNet.Agent.Link;

/// <summary>The agent's one connection to its broker: birth before anything else, goodbye at the end, healing in between.</summary>
internal sealed partial class AgentSession : IAsyncDisposable
{
    private static readonly TimeSpan FirstWindow = TimeSpan.FromMilliseconds(250);

    private readonly Presences _presences;
    private readonly ILogger<AgentSession> _log;
    private readonly MqttSession _session;

    /// <param name="config">Where the broker is.</param>
    /// <param name="presences">Birth, will and goodbye.</param>
    /// <param name="log">Diagnostics.</param>
    /// <param name="time">Clock.</param>
    public AgentSession(AgentConfig config, Presences presences, ILogger<AgentSession> log, TimeProvider time)
    {
        _presences = presences;
        _log = log;
        MqttSessionOptions options = new()
        {
            ConnectOptions = presences.NextConnection,
            OnConnected = async (connection, stop) => await connection.PublishAsync(presences.Message(Presence.Online), stop),
            OnError = (sentence, e) => LogError(sentence, e.Message),
            Backoff = new ReconnectBackoff(FirstWindow, TimeSpan.FromSeconds(config.Broker.MaxReconnectSeconds), new Random(config.Seed)),
        };
        _session = new MqttSession(new LinkConnector(time), options, time);
        _session.StatusChanged += (_, status) => LogStatus(status.Failure == MqttFailure.None ? LogLevel.Information : LogLevel.Warning, status.Sentence);
    }

    /// <summary>For everything that sends and receives.</summary>
    public IMessageLink Link => _session;

    /// <summary>Begins to connect.</summary>
    /// <param name="downlink">Subscribed to from the first connect on.</param>
    public async Task StartAsync(Downlink downlink)
    {
        await _session.SubscribeAsync(downlink.Filter, MqttQos.AtLeastOnce, downlink.OnMessageAsync, CancellationToken.None);
        _session.Start();
    }

    /// <summary>Says goodbye if there is a connection, and ends it without the will.</summary>
    /// <param name="cancellationToken">Bounds the goodbye.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_session.Status.IsConnected)
                await _session.PublishAsync(_presences.Message(Presence.Offline), cancellationToken);
        }
        catch (Exception e) when (e is MqttException or OperationCanceledException)
        {
            LogNoGoodbye(e.Message);
        }

        await _session.DisposeAsync();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _session.DisposeAsync();

    [LoggerMessage(EventId = 1230, Message = "Link: {Sentence}")]
    private partial void LogStatus(LogLevel level, string sentence);

    [LoggerMessage(1231, LogLevel.Warning, "Link: {Sentence} {Reason}")]
    private partial void LogError(string sentence, string reason);

    [LoggerMessage(1232, LogLevel.Warning, "The goodbye could not be sent: {Reason}")]
    private partial void LogNoGoodbye(string reason);
}
