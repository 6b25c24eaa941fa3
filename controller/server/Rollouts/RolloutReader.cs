using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Controller.Jobs;
using InstantNet.Controller.Storage;
using Microsoft.EntityFrameworkCore;

namespace InstantNet.Controller.Rollouts;

/// <summary>Rollouts as operators see them. Thread safe.</summary>
internal sealed class RolloutReader(IDbContextFactory<ControllerDbContext> contexts)
{
    private const int MaxListed = 50;

    /// <summary>The latest rollouts, newest first.</summary>
    public async Task<IReadOnlyList<RolloutView>> ListAsync(CancellationToken cancellationToken)
    {
        await using ControllerDbContext store = await contexts.CreateDbContextAsync(cancellationToken);
        List<RolloutView> views = [];
        foreach (Rollout rollout in await store.Rollouts.AsNoTracking().OrderByDescending(r => r.StartedAt).Take(MaxListed).ToListAsync(cancellationToken))
            views.Add(await ViewAsync(store, rollout, cancellationToken));
        return views;
    }

    /// <summary>One rollout; null when there is none with that id.</summary>
    public async Task<RolloutView?> FindAsync(WireId id, CancellationToken cancellationToken)
    {
        await using ControllerDbContext store = await contexts.CreateDbContextAsync(cancellationToken);
        return await store.Rollouts.AsNoTracking().FirstOrDefaultAsync(r => r.Id == id, cancellationToken) is { } rollout
            ? await ViewAsync(store, rollout, cancellationToken)
            : null;
    }

    /// <summary>True while a release is on its way to devices.</summary>
    public async Task<bool> IsRollingOutAsync(WireId release, CancellationToken cancellationToken)
    {
        await using ControllerDbContext store = await contexts.CreateDbContextAsync(cancellationToken);
        return await store.Rollouts.AnyAsync(r => r.Release == release && r.State == RolloutState.Running, cancellationToken);
    }

    private static async Task<RolloutView> ViewAsync(ControllerDbContext store, Rollout rollout, CancellationToken cancellationToken)
    {
        List<Execution> executions = await store.Executions.AsNoTracking().Where(e => e.Job == rollout.Id).ToListAsync(cancellationToken);
        List<WaveView> waves = executions
            .GroupBy(e => e.Wave)
            .OrderBy(g => g.Key)
            .Select(g => new WaveView(g.Key, g.OrderBy(e => e.Device.Value, StringComparer.Ordinal)
                .Select(e => new RolloutDeviceView(e.Device, e.State, e.Pct, e.Code, e.Detail, e.Ms)).ToList()))
            .ToList();
        return new RolloutView(
            rollout.Id, rollout.Release, rollout.State, rollout.Reason, rollout.StartedAt, rollout.EndedAt, rollout.CurrentWave, waves,
            executions.Count(e => e.State == ExecutionState.Committed), executions.Count(e => e.State.IsBadEnd()), executions.Count(e => !e.State.IsFinal()));
    }
}
