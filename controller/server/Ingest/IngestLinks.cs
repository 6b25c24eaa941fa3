using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Mqtt;
using InstantNet.Controller.Broker;
using InstantNet.Controller.Remote;

namespace InstantNet.Controller.Ingest;

/// <summary>The subscriptions of the controller. Presence, twins, jobs, alarms and answers to commands come in order over the main link; telemetry, of which
/// order means nothing, over several links that share it, so that one commit serves several messages.</summary>
internal sealed class IngestLinks(ControllerLink controller, LinkFactory links, Topics topics, UplinkHandler handler, CommandCalls calls) : IHostedService
{
    private static readonly UpKind[] InOrder = [UpKind.Alarm, UpKind.ReportedTwin, UpKind.JobStatus];
    private readonly List<MqttSession> _telemetry = [];

    /// <inheritdoc/>
    /// <remarks>Runs before the main link connects: what the broker kept for it must find its handlers.</remarks>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await controller.Link.SubscribeAsync(topics.AnyState, MqttQos.AtLeastOnce, handler.HandleAsync, cancellationToken);
        foreach (UpKind kind in InOrder)
            await controller.Link.SubscribeAsync(Topics.IngestOf(kind), MqttQos.AtLeastOnce, handler.HandleAsync, cancellationToken);
        await controller.Link.SubscribeAsync(Topics.IngestOf(UpKind.CommandResult), MqttQos.AtLeastOnce, calls.HandleAsync, cancellationToken);
        foreach (string user in BrokerAccounts.TelemetryUsers)
        {
            MqttSession session = links.Create(user, will: null, onConnected: null);
            await session.SubscribeAsync(Topics.IngestOf(UpKind.Telemetry), MqttQos.AtLeastOnce, handler.HandleAsync, cancellationToken);
            session.Start();
            _telemetry.Add(session);
        }

        await Task.WhenAll(_telemetry.Select(session => session.WaitUntilConnectedAsync(cancellationToken)));
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(_telemetry.Select(async session => await session.DisposeAsync()));
}
