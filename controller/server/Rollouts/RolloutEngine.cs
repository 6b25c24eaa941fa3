using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Mqtt;
using InstantNet.Contracts.Releases;
using InstantNet.Controller.Broker;
using InstantNet.Controller.Fleet;
using InstantNet.Controller.Releases;
using InstantNet.Controller.Storage;
using Microsoft.EntityFrameworkCore;

namespace InstantNet.Controller.Rollouts;

/// <summary>Drives running rollouts: puts chunks in place, offers the wave's jobs, looks at the gate when an execution ends.</summary>
/// <remarks>All it knows is in the store: after a crash it goes on where it was, and what it does twice does no harm.</remarks>
internal sealed partial class RolloutEngine(
    IDbContextFactory<ControllerDbContext> contexts, RolloutSteps steps, RolloutSignal signal, ControllerLink controller, ILogger<RolloutEngine> log)
    : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A broker that came back may have lost chunks that running rollouts need.
        controller.Link.StatusChanged += (_, status) => RaiseWhen(status);
        signal.Raise();
        while (true)
        {
            await signal.WaitAsync(stoppingToken);
            try
            {
                await DriveAllAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogFailed(e);
                await Task.Delay(RetryDelay, stoppingToken);
                signal.Raise();
            }
        }
    }

    private async Task DriveAllAsync(CancellationToken cancellationToken)
    {
        await using ControllerDbContext store = await contexts.CreateDbContextAsync(cancellationToken);
        foreach (Rollout rollout in await store.Rollouts.AsNoTracking().Where(r => r.State == RolloutState.Running).ToListAsync(cancellationToken))
            await DriveAsync(store, rollout, cancellationToken);
    }

    private async Task DriveAsync(ControllerDbContext store, Rollout rollout, CancellationToken cancellationToken)
    {
        await steps.OfferAsync(rollout, cancellationToken);
        WaveTally tally = await TallyAsync(store, rollout, cancellationToken);
        switch (WaveGate.Decide(tally, rollout.Rules()))
        {
            case WaveVerdict.Fail:
                LogGateClosed(rollout.Id, rollout.CurrentWave, tally.Failed, tally.Total);
                await steps.FailAsync(rollout, $"Wave {rollout.CurrentWave + 1}: {tally.Failed} of {tally.Total} devices ended badly.", cancellationToken);
                break;
            case WaveVerdict.Pass:
                await steps.AdvanceAsync(rollout, cancellationToken);
                break;
            default:
                break;
        }
    }

    private static async Task<WaveTally> TallyAsync(ControllerDbContext store, Rollout rollout, CancellationToken cancellationToken)
    {
        List<ExecutionState> states = await store.Executions
            .Where(e => e.Job == rollout.Id && e.Wave == rollout.CurrentWave).Select(e => e.State).ToListAsync(cancellationToken);
        return new WaveTally(
            states.Count(s => s == ExecutionState.Committed), states.Count(s => s.IsBadEnd()), states.Count(s => !s.IsFinal()));
    }

    private void RaiseWhen(LinkStatus status)
    {
        if (status.IsConnected)
            signal.Raise();
    }

    [LoggerMessage(501, LogLevel.Error, "Rollouts could not be driven on; the next attempt is in a second.")]
    private partial void LogFailed(Exception cause);

    [LoggerMessage(502, LogLevel.Warning, "Rollout {Rollout} stops: in wave {Wave}, {Failed} of {Total} devices ended badly.")]
    private partial void LogGateClosed(WireId rollout, int wave, int failed, int total);
}
