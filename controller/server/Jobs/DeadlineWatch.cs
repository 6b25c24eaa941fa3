using InstantNet.Controller.Fleet;

namespace InstantNet.Controller.Jobs;

/// <summary>Ends executions whose deadline has passed, whether the device answers or not.</summary>
internal sealed partial class DeadlineWatch(DeviceRegistry registry, ExecutionTracker tracker, TimeProvider time, ILogger<DeadlineWatch> log)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                DateTimeOffset now = time.GetUtcNow();
                await Task.WhenAll(registry.All
                    .Where(d => d.Execution is { } e && ExecutionRule.AfterDeadline(e, now) is not null)
                    .Select(d => tracker.ExpireAsync(d, now, stoppingToken)));
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogFailed(e);
            }
        }
    }

    [LoggerMessage(301, LogLevel.Error, "Deadlines could not be checked; the next check is in a second.")]
    private partial void LogFailed(Exception cause);
}
