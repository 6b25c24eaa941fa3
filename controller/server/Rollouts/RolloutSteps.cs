using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Releases;
using InstantNet.Controller.Fleet;
using InstantNet.Controller.Jobs;
using InstantNet.Controller.Releases;
using InstantNet.Controller.Storage;
using Microsoft.EntityFrameworkCore;

namespace InstantNet.Controller.Rollouts;

/// <summary>The steps that a running rollout can take; each changes the store only while the rollout still runs.</summary>
internal sealed class RolloutSteps(
    IDbContextFactory<ControllerDbContext> contexts, RolloutDistribution distribution, ExecutionTracker tracker, RolloutWithdrawal withdrawal,
    RolloutEvents events)
{
    /// <summary>Puts the release's chunks in place and offers the current wave's jobs that are not offered yet.</summary>
    public async Task OfferAsync(Rollout rollout, CancellationToken cancellationToken)
    {
        if (!await distribution.EnsureAsync(rollout.Release, cancellationToken))
        {
            await FailAsync(rollout, $"Release '{rollout.Release}' is not in use any more.", cancellationToken);
            return;
        }

        await using ControllerDbContext store = await contexts.CreateDbContextAsync(cancellationToken);
        List<Execution> due = await store.Executions.AsNoTracking()
            .Where(e => e.Job == rollout.Id && e.Wave == rollout.CurrentWave && e.OfferedAt == null && e.State == ExecutionState.Queued)
            .ToListAsync(cancellationToken);
        if (due.Count == 0)
            return;
        DateTimeOffset now = events.Now;
        DateTimeOffset deadline = now.AddSeconds(rollout.DeadlineSeconds);
        await Task.WhenAll(due.Select(e => distribution.Find(e.Device) is { } device
            ? tracker.OfferAsync(device, e.Current() with { Deadline = deadline }, now, cancellationToken)
            : Task.CompletedTask));
    }

    /// <summary>Ends a rollout badly. Devices that have not begun are spared; those that have may finish.</summary>
    public async Task FailAsync(Rollout rollout, string reason, CancellationToken cancellationToken)
    {
        if (!await EndAsync(rollout, RolloutState.Failed, reason, cancellationToken))
            return;
        await withdrawal.WithdrawAsync(
            rollout.Id, e => e.State == ExecutionState.Queued, "Not begun when the rollout failed.", cancellationToken);
        events.Raise(rollout.Id);
    }

    /// <summary>Goes on to the next wave, or completes the rollout after the last.</summary>
    public async Task AdvanceAsync(Rollout rollout, CancellationToken cancellationToken)
    {
        await using ControllerDbContext store = await contexts.CreateDbContextAsync(cancellationToken);
        int lastWave = await store.Executions.Where(e => e.Job == rollout.Id).MaxAsync(e => e.Wave, cancellationToken);
        if (rollout.CurrentWave >= lastWave)
        {
            await EndAsync(rollout, RolloutState.Completed, reason: null, cancellationToken);
        }
        else
        {
            await store.Rollouts
                .Where(r => r.Id == rollout.Id && r.State == RolloutState.Running && r.CurrentWave == rollout.CurrentWave)
                .ExecuteUpdateAsync(update => update.SetProperty(r => r.CurrentWave, r => r.CurrentWave + 1), cancellationToken);
        }

        events.Raise(rollout.Id);
    }

    private async Task<bool> EndAsync(Rollout rollout, RolloutState state, string? reason, CancellationToken cancellationToken)
    {
        DateTimeOffset now = events.Now;
        await using ControllerDbContext store = await contexts.CreateDbContextAsync(cancellationToken);
        return await store.Rollouts.Where(r => r.Id == rollout.Id && r.State == RolloutState.Running).ExecuteUpdateAsync(
            update => update.SetProperty(r => r.State, state).SetProperty(r => r.Reason, reason).SetProperty(r => r.EndedAt, now),
            cancellationToken) == 1;
    }
}
