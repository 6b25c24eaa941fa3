using System.Collections.Concurrent;
using System.Threading.Channels;
using InstantNet.Contracts.Mqtt;
using InstantNet.Controller.Fleet;

namespace InstantNet.Controller.Broker;

/// <summary>Keeps what the broker retains for devices equal to what the controller wants. Thread safe.</summary>
/// <remarks>A document is read when it is sent, and sends of one round end before the next begins: the last text always wins.</remarks>
internal sealed partial class RetainedPublisher(
    ControllerLink controller, DeviceRegistry registry, IEnumerable<IRetainedDocument> documents, TimeProvider time, ILogger<RetainedPublisher> log)
    : BackgroundService
{
    private const int MaxInFlight = 500;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<(IRetainedDocument Document, LiveDevice Device), bool> _changed = new();
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>Says that a document of a device changed.</summary>
    public void Mark<TDocument>(LiveDevice device)
        where TDocument : IRetainedDocument
    {
        foreach (IRetainedDocument document in documents.OfType<TDocument>().Cast<IRetainedDocument>())
            _changed[(document, device)] = true;
        _signal.Writer.TryWrite(true);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        controller.Link.StatusChanged += (_, status) =>
        {
            if (status.IsConnected)
                MarkAll();
        };
        MarkAll();
        while (await _signal.Reader.WaitToReadAsync(stoppingToken))
        {
            _signal.Reader.TryRead(out _);
            try
            {
                await SendAllAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogFailed(e);
                await Task.Delay(RetryDelay, time, stoppingToken);
                _signal.Writer.TryWrite(true);
            }
        }
    }

    // The broker may have lost what it kept while the link was down.
    private void MarkAll()
    {
        foreach (LiveDevice device in registry.All)
        {
            foreach (IRetainedDocument document in documents)
                _changed[(document, device)] = true;
        }

        _signal.Writer.TryWrite(true);
    }

    private async Task SendAllAsync(CancellationToken cancellationToken)
    {
        while (_changed.Keys.Take(MaxInFlight).ToArray() is { Length: > 0 } round)
        {
            foreach ((IRetainedDocument Document, LiveDevice Device) item in round)
                _changed.TryRemove(item, out _);
            try
            {
                await Task.WhenAll(round.Select(item => SendAsync(item.Document, item.Device, cancellationToken)));
            }
            catch (MqttException)
            {
                foreach ((IRetainedDocument Document, LiveDevice Device) item in round)
                    _changed[item] = true;
                throw;
            }
        }
    }

    private async Task SendAsync(IRetainedDocument document, LiveDevice device, CancellationToken cancellationToken) =>
        await controller.Link.PublishAsync(
            new MqttPublish(document.Topic(device.Id), document.Compose(device), MqttQos.AtLeastOnce, Retain: true), cancellationToken);

    [LoggerMessage(231, LogLevel.Warning, "Desired documents could not be sent; they are sent again.")]
    private partial void LogFailed(Exception cause);
}
