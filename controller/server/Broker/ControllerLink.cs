using System.Text.Json;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Mqtt;

namespace InstantNet.Controller.Broker;

/// <summary>The controller's main link, and its presence on it. Who subscribes does so before the start, so that no kept message passes by.</summary>
internal sealed class ControllerLink : IHostedService, IAsyncDisposable
{
    private readonly MqttSession _session;
    private readonly Topics _topics;
    private readonly TimeProvider _time;

    public ControllerLink(LinkFactory links, Topics topics, TimeProvider time)
    {
        _topics = topics;
        _time = time;
        _session = links.Create(BrokerAccounts.Controller, new MqttWill(State(Presence.Offline), TimeSpan.Zero), AnnounceAsync);
    }

    /// <summary>For everybody who sends or receives.</summary>
    public IMessageLink Link => _session;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _session.Start();
        await _session.WaitUntilConnectedAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_session.Status.IsConnected)
            await _session.PublishAsync(State(Presence.Offline), cancellationToken);
        await _session.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _session.DisposeAsync();

    private async ValueTask AnnounceAsync(IMqttConnection connection, CancellationToken cancellationToken) =>
        await connection.PublishAsync(State(Presence.Online), cancellationToken);

    private MqttPublish State(Presence presence) => new(
        _topics.ControllerState,
        JsonSerializer.SerializeToUtf8Bytes(
            new ControllerState(ControllerState.MessageVersion, presence, _time.GetUtcNow()), WireJson.Default.ControllerState),
        MqttQos.AtLeastOnce, Retain: true);
}
