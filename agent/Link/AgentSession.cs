using InstantNet.Agent.Remote;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Mqtt;
using Microsoft.Extensions.Logging;

namespace InstantNet.Agent.Link;

/// <summary>The agent's one connection to its controller: birth before anything else, goodbye at the end, healing in between.</summary>
internal sealed partial class AgentSession : IAsyncDisposable
{
    private static readonly TimeSpan FirstWindow = TimeSpan.FromMilliseconds(250);

    private readonly IControllerSurface _surface;
    private readonly Presences _presences;
    private readonly ILogger<AgentSession> _log;
    private readonly MqttSession _session;

    /// <param name="surface">What the controller is reached over; disposed with this.</param>
    /// <param name="presences">Goodbye.</param>
    /// <param name="seed">Differs between the devices of a fleet, which must not come back in step.</param>
    /// <param name="log">Diagnostics.</param>
    /// <param name="time">Clock.</param>
    public AgentSession(IControllerSurface surface, Presences presences, int seed, ILogger<AgentSession> log, TimeProvider time)
    {
        _surface = surface;
        _presences = presences;
        _log = log;
        MqttSessionOptions options = new()
        {
            ConnectOptions = surface.NextConnection,
            OnConnected = surface.GreetAsync,
            OnError = (sentence, e) => LogError(sentence, e.Message),
            Backoff = new ReconnectBackoff(FirstWindow, surface.LongestReconnect, new Random(seed)),
        };
        _session = new MqttSession(surface.ConnectorBy(time), options, time);
        Link = surface.Over(_session);
        Link.StatusChanged += (_, status) => LogStatus(status.Failure == MqttFailure.None ? LogLevel.Information : LogLevel.Warning, status.Sentence);
    }

    /// <summary>Most bytes of a telemetry batch that <see cref="Link"/> carries.</summary>
    public int MostBatchBytes => _surface.MostBatchBytes;

    /// <summary>For everything that sends and receives.</summary>
    public IMessageLink Link { get; }

    /// <summary>Begins to connect.</summary>
    /// <param name="downlink">Gets what the controller sends, from the first connect on.</param>
    /// <param name="desk">Answers commands.</param>
    public async Task StartAsync(Downlink downlink, ICommandDesk desk)
    {
        await _surface.ListenAsync(downlink, desk);
        _session.Start();
    }

    /// <summary>What the surface has to do besides; runs until it is cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => _surface.RunAsync(cancellationToken);

    /// <summary>Says goodbye if there is a connection, and ends it without the will.</summary>
    /// <param name="cancellationToken">Bounds the goodbye.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_session.Status.IsConnected)
                await Link.PublishAsync(_presences.Message(Presence.Offline), cancellationToken);
        }
        catch (Exception e) when (e is MqttException or OperationCanceledException)
        {
            LogNoGoodbye(e.Message);
        }

        await _session.DisposeAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _session.DisposeAsync();
        _surface.Dispose();
    }

    [LoggerMessage(EventId = 1230, Message = "Link: {Sentence}")]
    private partial void LogStatus(LogLevel level, string sentence);

    [LoggerMessage(1231, LogLevel.Warning, "Link: {Sentence} {Reason}")]
    private partial void LogError(string sentence, string reason);

    [LoggerMessage(1232, LogLevel.Warning, "The goodbye could not be sent: {Reason}")]
    private partial void LogNoGoodbye(string reason);
}
