using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using InstantNet.Agent.Configuration;
using InstantNet.Agent.Durable;
using InstantNet.Agent.Link;
using InstantNet.Agent.Remote;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Mqtt;
using InstantNet.Contracts.Tls;
using Microsoft.Extensions.Logging;

namespace InstantNet.Agent.AzureIotHub;

/// <summary>The controller behind Azure IoT Hub: MQTT 3.1.1 under the hub's rules, as one device.</summary>
/// <remarks>Source: Microsoft, "Communicate with an IoT hub using the MQTT protocol": TLS only, QoS 1 at most, nothing retained, five subscriptions,
/// a keep-alive of 1,177 s at most, and one connection a device, the newest.</remarks>
internal sealed partial class HubSurface : IControllerSurface
{
    /// <summary>Longest keep-alive that the hub takes.</summary>
    public static readonly TimeSpan LongestKeepAlive = TimeSpan.FromSeconds(1177);

    private const string WebSocketPath = "/$iothub/websocket", NoClientCertificate = "?iothub-no-client-cert=true";
    private const string TwinSection = "twin", JobSection = "job";

    // Of a token's life; the rest is for reconnecting, and for clocks that run a little fast or slow.
    private const double RenewAfterShare = 0.8;

    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(1);

    private readonly AgentConfig _config;
    private readonly HubSettings _settings;
    private readonly HubIdentity _identity;
    private readonly DeviceCounters _counters;
    private readonly Presences _presences;
    private readonly HubServices _services;
    private readonly Channel<IMqttConnection> _connections = Channel.CreateBounded<IMqttConnection>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    private MqttSession? _session;
    private HubTwin? _twin;
    private HubLink? _link;
    private HubMethods? _methods;
    private HubJobs? _jobs;
    private HubDownlink? _downlink;

    /// <param name="config">With a section <c>iotHub</c>.</param>
    /// <param name="counters">Hold the epoch.</param>
    /// <param name="presences">Birth and will.</param>
    /// <param name="services">Of the rest of the agent.</param>
    /// <exception cref="SecretFileException">The device's secret could be read when the configuration was checked and can no longer be.</exception>
    public HubSurface(AgentConfig config, DeviceCounters counters, Presences presences, HubServices services)
    {
        (_config, _settings, _counters, _presences, _services) = (config, config.IotHub!, counters, presences, services);
        (_identity, _) = _settings.Credentials(config.Device!);
    }

    /// <inheritdoc/>
    public TimeSpan LongestReconnect => TimeSpan.FromSeconds(_settings.MaxReconnectSeconds);

    /// <inheritdoc/>
    public int MostBatchBytes => HubLink.MaxEventBytes - Encoding.UTF8.GetByteCount(HubTopics.Event(_identity.DeviceId, UpKind.Telemetry));

    /// <inheritdoc/>
    public IMqttConnector ConnectorBy(TimeProvider time) => new MqttConnector(time);

    /// <inheritdoc/>
    public IMessageLink Over(MqttSession session)
    {
        ILoggerFactory loggers = _services.Loggers;
        _session = session;
        _twin = new HubTwin(
            session, OnDesiredAsync, new ReconnectBackoff(FirstRetry, LongestRetry, new Random(_config.Seed)), loggers.CreateLogger<HubTwin>(), _services.Time);
        return _link = new HubLink(session, _identity, _twin, _services.Time);
    }

    /// <inheritdoc/>
    /// <exception cref="SecretFileException">The device's secret cannot be read.</exception>
    /// <exception cref="ClientTlsException">A certificate cannot be read.</exception>
    public MqttConnectOptions NextConnection()
    {
        (_, byte[]? key) = _settings.Credentials(_config.Device!); // each time, so that a renewed key counts
        ClientTls tls = _settings.Tls;
        _counters.NextEpoch();
        return new MqttConnectOptions
        {
            Protocol = MqttProtocol.V311,
            Host = _identity.Host,
            Port = _settings.EffectivePort,
            Tls = tls.Load(),
            WebSocketPath = _settings.WebSocket ? WebSocketPath + (key is null ? "" : NoClientCertificate) : null,
            ClientId = _identity.DeviceId,
            CleanStart = true, // the hub keeps no more than subscriptions, which are made anew
            UserName = _identity.UserName,
            Password = key is null ? null : Encoding.UTF8.GetBytes(
                SasToken.Create(_identity.Host, _identity.DeviceId, key, _services.Time.GetUtcNow() + TimeSpan.FromMinutes(_settings.TokenMinutes))),
            KeepAlive = _presences.KeepAlive < LongestKeepAlive ? _presences.KeepAlive : LongestKeepAlive,
            Will = new MqttWill(HubLink.Event(_identity, _presences.Message(Presence.Offline)), TimeSpan.Zero),
        };
    }

    /// <inheritdoc/>
    public async ValueTask GreetAsync(IMqttConnection connection, CancellationToken cancellationToken)
    {
        _connections.Writer.TryWrite(connection);
        await connection.PublishAsync(HubLink.Event(_identity, _presences.Message(Presence.Online)), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask ListenAsync(Downlink downlink, ICommandDesk desk)
    {
        _downlink = new HubDownlink(new Topics(_config.TenantId), _config.DeviceId, downlink, _link!);
        _jobs = new HubJobs(_services.Manifests, _downlink, _services.Loggers.CreateLogger<HubJobs>(), _services.Time);
        _methods = new HubMethods(_session!, desk, _services.Loggers.CreateLogger<HubMethods>(), _services.Time);
        await _session!.SubscribeAsync(HubTopics.TwinAnswers, MqttQos.AtMostOnce, _twin!.OnAnswerAsync, CancellationToken.None);
        await _session.SubscribeAsync(HubTopics.DesiredPatches, MqttQos.AtMostOnce, _twin.OnDesiredAsync, CancellationToken.None);
        await _session.SubscribeAsync(HubTopics.Methods, MqttQos.AtMostOnce, _methods.OnMethodAsync, CancellationToken.None);
    }

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Task[] parts = [_twin!.RunAsync(cancellationToken), _jobs!.RunAsync(cancellationToken), _methods!.RunAsync(cancellationToken), RenewAsync(cancellationToken)];
        await await Task.WhenAny(parts); // none ends by itself but with a bug
    }

    /// <inheritdoc/>
    public void Dispose() => _twin?.Dispose();

    private async ValueTask OnDesiredAsync(JsonObject? section, CancellationToken cancellationToken)
    {
        await _downlink!.DesireAsync(section?[TwinSection] as JsonObject, cancellationToken);
        _jobs!.Set(section?[JobSection] as JsonObject);
    }

    /// <summary>Ends each connection before its token does; the session makes a new one with a new token at once.</summary>
    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        if (_settings.CertFile is not null)
            await Task.Delay(Timeout.Infinite, cancellationToken);
        TimeSpan renewAfter = TimeSpan.FromMinutes(_settings.TokenMinutes) * RenewAfterShare;
        await foreach (IMqttConnection connection in _connections.Reader.ReadAllAsync(cancellationToken))
        {
            try
            {
                await connection.Closed.WaitAsync(renewAfter, _services.Time, cancellationToken);
            }
            catch (TimeoutException)
            {
                LogRenew(_services.Loggers.CreateLogger<HubSurface>());
                await connection.DisconnectAsync(MqttReason.Success, cancellationToken);
            }
        }
    }

    [LoggerMessage(1730, LogLevel.Information, "The token of the connection with the hub ends soon; it is made anew")]
    private static partial void LogRenew(ILogger log);
}

/// <summary>What a hub's surface needs of the rest of the agent.</summary>
/// <param name="Manifests">Fetches manifests.</param>
/// <param name="Loggers">Diagnostics.</param>
/// <param name="Time">Clock.</param>
internal sealed record HubServices(IManifestSource Manifests, ILoggerFactory Loggers, TimeProvider Time);
