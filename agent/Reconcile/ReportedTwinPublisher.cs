using System.Text.Json;
using System.Threading.Channels;
using InstantNet.Agent.Inference;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Mqtt;

namespace InstantNet.Agent.Reconcile;

/// <summary>Reports the device as it is, after each answer, each change of what serves and each reconnect; changes in quick succession become one report.</summary>
/// <param name="link">To the broker.</param>
/// <param name="topic">Of the reported twin.</param>
/// <param name="desired">What was answered.</param>
/// <param name="server">What serves.</param>
/// <param name="time">Clock.</param>
internal sealed class ReportedTwinPublisher(IMessageLink link, string topic, DesiredDocument desired, IModelServer server, TimeProvider time)
{
    /// <summary>Least time between two reports.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    // One report tells every change that came before it.
    private readonly Channel<bool> _due = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>The report of this moment.</summary>
    public ReportedTwin Report()
    {
        DesiredAnswer answer = desired.Answer;
        ServingReport? serving = server.Serving;
        return new ReportedTwin(
            ReportedTwin.MessageVersion, answer.Version, answer.Applied, answer.Faults, serving?.Release, serving?.Precision,
            serving?.Offered ?? [], serving?.Measured ?? []);
    }

    /// <summary>Reports soon, even if nothing changed. Thread safe; returns at once.</summary>
    public void Touch() => _due.Writer.TryWrite(true);

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        desired.Answered += Touch;
        server.Changed += Touch;
        link.StatusChanged += OnLinkChanged;
        try
        {
            while (true)
            {
                await _due.Reader.ReadAsync(cancellationToken);
                await PublishAsync(cancellationToken);
                await Task.Delay(Interval, time, cancellationToken);
            }
        }
        finally
        {
            desired.Answered -= Touch;
            server.Changed -= Touch;
            link.StatusChanged -= OnLinkChanged;
        }
    }

    private void OnLinkChanged(object? sender, LinkStatus status)
    {
        if (status.IsConnected)
            Touch();
    }

    private async Task PublishAsync(CancellationToken cancellationToken)
    {
        try
        {
            byte[] payload = JsonSerializer.SerializeToUtf8Bytes(Report(), WireJson.Default.ReportedTwin);
            await link.PublishAsync(new MqttPublish(topic, payload, MqttQos.AtLeastOnce), cancellationToken);
        }
        catch (MqttException e)
        {
            if (e.Failure == MqttFailure.NotHeard)
                Touch();
            // Else the next change or reconnect reports again.
        }
    }
}
