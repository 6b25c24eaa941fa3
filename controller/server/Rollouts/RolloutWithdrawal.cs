using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Controller.Fleet;
using InstantNet.Controller.Jobs;
using InstantNet.Controller.Storage;
using Microsoft.EntityFrameworkCore;

namespace InstantNet.Controller.Rollouts;

/// <summary>Takes back what a stopped rollout has offered or would have. Thread safe.</summary>
internal sealed class RolloutWithdrawal(IDbContextFactory<ControllerDbContext> contexts, DeviceRegistry registry, ExecutionTracker tracker)
{
    /// <summary>Cancels executions that were never offered, and offered ones that <paramref name="also"/> picks.</summary>
    public async Task WithdrawAsync(WireId rollout, Func<CurrentExecution, bool> also, string reason, CancellationToken cancellationToken)
    {
        await using ControllerDbContext store = await contexts.CreateDbContextAsync(cancellationToken);
        await store.Executions
            .Where(e => e.Job == rollout && e.OfferedAt == null && e.State == ExecutionState.Queued)
            .ExecuteUpdateAsync(
                update => update.SetProperty(e => e.State, ExecutionState.Cancelled).SetProperty(e => e.Code, "Withdrawn").SetProperty(e => e.Detail, reason),
                cancellationToken);
        await Task.WhenAll(registry.All
            .Where(d => d.Execution is { } e && e.Job == rollout && !e.State.IsFinal() && also(e))
            .Select(d => tracker.WithdrawAsync(d, rollout, reason, cancellationToken)));
    }
}
