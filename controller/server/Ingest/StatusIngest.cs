using InstantNet.Contracts.Messages;
using InstantNet.Controller.Fleet;
using InstantNet.Controller.Jobs;
using InstantNet.Controller.Storage;
using InstantNet.Controller.Twins;

namespace InstantNet.Controller.Ingest;

/// <summary>Takes in what devices say about themselves. Thread safe.</summary>
internal sealed class StatusIngest(StoreWriter writer, ExecutionTracker tracker, FleetEvents events, TimeProvider time)
{
    /// <returns>What is wrong with the payload; null when its content is in the store.</returns>
    public Task<string?> TakeAsync(LiveDevice device, UpKind kind, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) => kind switch
    {
        UpKind.State => TakeStateAsync(device, payload, cancellationToken),
        UpKind.ReportedTwin => TakeReportedAsync(device, payload, cancellationToken),
        UpKind.JobStatus => TakeJobAsync(device, payload, cancellationToken),
        UpKind.Alarm => TakeAlarmAsync(device, payload, cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a status message."),
    };

    private async Task<string?> TakeStateAsync(LiveDevice device, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        // A device that is taken out of service has its retained birth cleared.
        if (payload.IsEmpty)
            return null;
        if (UplinkReader.State(payload.Span, out string fault) is not { } state)
            return fault;
        if (PresenceRule.Counts(device.State, state))
            await StoreAsync(device, new RecordState(device, state, time.GetUtcNow()), cancellationToken);
        return null;
    }

    private async Task<string?> TakeReportedAsync(LiveDevice device, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        if (UplinkReader.Reported(payload.Span, out string fault) is not { } reported)
            return fault;
        await StoreAsync(device, new RecordReported(device, reported, time.GetUtcNow()), cancellationToken);
        return null;
    }

    private async Task<string?> TakeAlarmAsync(LiveDevice device, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        if (UplinkReader.Alarm(payload.Span, out string fault) is not { } alarm)
            return fault;
        await StoreAsync(device, new RecordAlarm(device, alarm), cancellationToken);
        return null;
    }

    private async Task<string?> TakeJobAsync(LiveDevice device, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        if (UplinkReader.Job(payload.Span, out string fault) is not { } report)
            return fault;
        await tracker.ReportAsync(device, report, cancellationToken);
        return null;
    }

    private async Task StoreAsync(LiveDevice device, StoreWrite write, CancellationToken cancellationToken)
    {
        await writer.SubmitAsync(write, cancellationToken);
        events.RaiseDevice(device.Id);
    }
}
