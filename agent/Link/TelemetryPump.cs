using System.Text.Json;
using System.Threading.Channels;
using InstantNet.Agent.Telemetry;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Mqtt;
using Microsoft.Extensions.Logging;

namespace InstantNet.Agent.Link;

/// <summary>Sends what the spool holds while there is a connection, in order, a few batches at a time, and confirms each once the broker has it.</summary>
/// <param name="link">To the broker.</param>
/// <param name="topic">Of telemetry.</param>
/// <param name="spool">Holds the batches; a batch sent twice has the same number.</param>
/// <param name="log">Diagnostics.</param>
/// <param name="time">Clock.</param>
/// <param name="budget">What may be sent; null for no limit.</param>
internal sealed partial class TelemetryPump(IMessageLink link, string topic, TelemetrySpool spool, ILogger<TelemetryPump> log, TimeProvider time,
    ByteBudget? budget = null)
{
    /// <summary>Batches sent before the first is acknowledged.</summary>
    public const int InFlight = 4;

    /// <summary>Most samples in a batch: about 100 KB of JSON, which fits the packets of every broker that carries our chunks.</summary>
    public const int BatchSamples = 200;

    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(5);

    private readonly Channel<bool> _linkChanged = Signal();
    private readonly Channel<bool> _acknowledged = Signal();
    private CancellationTokenSource? _connection;
    private TimeSpan _retryAfter = HeardLink.RetryAfter;

    /// <summary>Most bytes of a batch that the link carries: new batches are cut to it, and one from before that has more is given up and counted,
    /// because its number may be stored already under the samples it has.</summary>
    public int MostBytes { get; init; } = int.MaxValue;

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        link.StatusChanged += OnLinkChanged;
        try
        {
            while (true)
            {
                using CancellationTokenSource connection = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                Volatile.Write(ref _connection, connection);
                spool.Connected = link.Status.IsConnected;
                if (!spool.Connected)
                    await _linkChanged.Reader.ReadAsync(cancellationToken);
                else
                    await SendUntilBrokenAsync(connection.Token, cancellationToken);
            }
        }
        finally
        {
            Volatile.Write(ref _connection, null);
            link.StatusChanged -= OnLinkChanged;
        }
    }

    /// <summary>Returns when everything in the spool is acknowledged.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        while (spool.Counters.PendingBatches > 0)
            await _acknowledged.Reader.ReadAsync(cancellationToken);
    }

    private async Task SendUntilBrokenAsync(CancellationToken connection, CancellationToken cancellationToken)
    {
        try
        {
            _retryAfter = HeardLink.RetryAfter;
            while (true)
                await SendUntilRefusedAsync(connection);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The connection broke; the next one sends again what was not acknowledged.
        }
    }

    private async Task SendUntilRefusedAsync(CancellationToken connection)
    {
        try
        {
            await SendAsync(connection);
        }
        catch (Exception e) when (e is MqttException or IOException)
        {
            LogRetry(e.Message, (int)_retryAfter.TotalSeconds);
            await Task.Delay(_retryAfter, time, connection);
            _retryAfter = _retryAfter * 2 < LongestRetry ? _retryAfter * 2 : LongestRetry;
        }
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        Queue<(long Seq, Task<MqttReason> Sent)> inFlight = new();
        long last = 0;
        int most = budget is null && _retryAfter == HeardLink.RetryAfter ? InFlight : 1;
        while (true)
        {
            // Asked before the batch is sealed: what comes meanwhile travels along.
            if (budget is not null && inFlight.Count == 0)
                await budget.WaitAsync(cancellationToken);
            if (inFlight.Count < most && spool.ReadNext(last, budget?.Duty.BatchSamples ?? BatchSamples, MostBytes) is { } batch)
            {
                byte[] payload = JsonSerializer.SerializeToUtf8Bytes(batch, WireJson.Default.TelemetryBatch);
                if (payload.Length <= MostBytes)
                {
                    inFlight.Enqueue((batch.Seq, link.PublishAsync(new MqttPublish(topic, payload, MqttQos.AtLeastOnce), cancellationToken).AsTask()));
                }
                else
                {
                    while (await ConfirmOldestAsync(inFlight))
                        continue; // giving up takes along what has not arrived before
                    LogGivenUp(batch.Seq, batch.Samples.Count, payload.Length, MostBytes);
                    spool.GiveUp(batch.Seq);
                    _acknowledged.Writer.TryWrite(true);
                }

                last = batch.Seq;
            }
            else if (await ConfirmOldestAsync(inFlight))
            {
                (_retryAfter, most) = (HeardLink.RetryAfter, budget is null ? InFlight : 1);
            }
            else
            {
                await spool.WaitForSamplesAsync(cancellationToken);
            }
        }
    }

    /// <returns>False when none was on its way.</returns>
    private async Task<bool> ConfirmOldestAsync(Queue<(long Seq, Task<MqttReason> Sent)> inFlight)
    {
        if (!inFlight.TryDequeue(out (long Seq, Task<MqttReason> Sent) oldest))
            return false;
        await oldest.Sent;
        spool.Acknowledge(oldest.Seq);
        _acknowledged.Writer.TryWrite(true);
        return true;
    }

    private void OnLinkChanged(object? sender, LinkStatus status)
    {
        _linkChanged.Writer.TryWrite(true);
        if (status.IsConnected)
            return;
        spool.Connected = false;
        try
        {
            Volatile.Read(ref _connection)?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The loop was faster and looks at the link by itself.
        }
    }

    private static Channel<bool> Signal() =>
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    [LoggerMessage(1220, LogLevel.Warning, "Telemetry is not sent for {Seconds} s: {Reason}")]
    private partial void LogRetry(string reason, int seconds);

    [LoggerMessage(1221, LogLevel.Error, "Batch {Seq} of {Samples} samples is given up: it has {Bytes} bytes, and a message carries {Most}")]
    private partial void LogGivenUp(long seq, int samples, int bytes, int most);
}
