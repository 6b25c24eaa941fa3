using InstantNet.Controller.Storage;

namespace InstantNet.Controller.Telemetry;

/// <summary>Drops telemetry that is too old, so that the database stops growing.</summary>
internal sealed partial class TelemetryRetention(StoreWriter writer, TimeProvider time, TelemetryOptions options, ILogger<TelemetryRetention> log)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Interval, time);
        do
        {
            try
            {
                await writer.SubmitAsync(new DropBefore(time.GetUtcNow() - options.Retention), stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogFailed(e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(151, LogLevel.Error, "Old telemetry could not be dropped; the next attempt is in an hour.")]
    private partial void LogFailed(Exception cause);

    private sealed class DropBefore(DateTimeOffset limit) : StoreWrite
    {
        public override void Execute(StoreSession session)
        {
            session.Execute("DELETE FROM TelemetrySamples WHERE Device IN (SELECT Key FROM Devices) AND Ts < $0", limit.ToUnixTimeMilliseconds());
            session.Execute("DELETE FROM TelemetryBatches WHERE ReceivedAt < $0", limit.ToUnixTimeMilliseconds());
        }
    }
}
