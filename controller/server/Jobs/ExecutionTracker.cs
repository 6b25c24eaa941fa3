using InstantNet.Contracts.Messages;
using InstantNet.Controller.Broker;
using InstantNet.Controller.Fleet;
using InstantNet.Controller.Rollouts;
using InstantNet.Controller.Storage;

namespace InstantNet.Controller.Jobs;

/// <summary>Moves executions on: stored first, then shown, then acted upon. Thread safe.</summary>
internal sealed class ExecutionTracker(StoreWriter writer, RetainedPublisher publisher, FleetEvents events, RolloutSignal rollouts)
{
    private const int MaxCollisions = 10;

    /// <summary>Makes a queued execution the device's current job.</summary>
    public async Task OfferAsync(LiveDevice device, CurrentExecution offer, DateTimeOffset now, CancellationToken cancellationToken)
    {
        OfferExecution write = new(device, offer, now);
        await writer.SubmitAsync(write, cancellationToken);
        if (write.Applied)
            Announce(device, offer);
    }

    /// <summary>Takes a device's report in.</summary>
    public async Task ReportAsync(LiveDevice device, JobStatus report, CancellationToken cancellationToken)
    {
        await MoveAsync(device, current => ExecutionRule.AfterReport(current, report), cancellationToken);
        // A broker retains no empty payload: a device that was away when its job was taken back hears of it only when it is said again.
        if (ExecutionRule.IsUnwanted(device.Execution, report))
            publisher.Mark<JobDocument>(device);
    }

    /// <summary>Ends an execution whose deadline has passed.</summary>
    public Task ExpireAsync(LiveDevice device, DateTimeOffset now, CancellationToken cancellationToken) =>
        MoveAsync(device, current => ExecutionRule.AfterDeadline(current, now), cancellationToken);

    /// <summary>Takes the offer back, if the device's current job belongs to that rollout.</summary>
    public Task WithdrawAsync(LiveDevice device, Contracts.WireId job, string reason, CancellationToken cancellationToken) =>
        MoveAsync(device, current => current.Job == job ? ExecutionRule.AfterWithdrawal(current, reason) : null, cancellationToken);

    private async Task MoveAsync(LiveDevice device, Func<CurrentExecution, CurrentExecution?> decide, CancellationToken cancellationToken)
    {
        for (int collisions = 0; collisions < MaxCollisions; collisions++)
        {
            if (device.Execution is not { } current || decide(current) is not { } next)
                return;
            RecordExecution write = new(device, current, next);
            await writer.SubmitAsync(write, cancellationToken);
            if (write.Applied)
            {
                Announce(device, next);
                return;
            }
        }

        throw new InvalidOperationException($"The execution of {device.Id} changed {MaxCollisions} times while one change was made.");
    }

    private void Announce(LiveDevice device, CurrentExecution execution)
    {
        if (execution.State.IsFinal() || execution.State == ExecutionState.Queued)
            publisher.Mark<JobDocument>(device);
        events.RaiseDevice(device.Id);
        events.RaiseRollout(execution.Job);
        if (execution.State.IsFinal())
            rollouts.Raise();
    }
}
