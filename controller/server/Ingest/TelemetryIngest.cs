using InstantNet.Contracts.Messages;
using InstantNet.Controller.Fleet;
using InstantNet.Controller.Storage;
using InstantNet.Controller.Telemetry;

namespace InstantNet.Controller.Ingest;

/// <summary>Takes telemetry in: exactly once in the store, however often it arrives. Thread safe.</summary>
internal sealed class TelemetryIngest(StoreWriter writer, FleetEvents events, TimeProvider time)
{
    private long _samples;
    private long _duplicates;

    /// <summary>Samples stored since the start.</summary>
    public long Samples => Interlocked.Read(ref _samples);

    /// <summary>Batches since the start that had been stored before.</summary>
    public long Duplicates => Interlocked.Read(ref _duplicates);

    /// <returns>What is wrong with the payload; null when the batch is in the store.</returns>
    public async Task<string?> TakeAsync(LiveDevice device, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        if (UplinkReader.Telemetry(payload.Span, out string fault) is not { } batch)
            return fault;
        AppendBatch append = new(device, batch, time.GetUtcNow());
        await writer.SubmitAsync(append, cancellationToken);
        if (!append.IsNew)
        {
            Interlocked.Increment(ref _duplicates);
            return null;
        }

        Interlocked.Add(ref _samples, batch.Samples.Count);
        foreach (TelemetrySample sample in batch.Samples)
            events.RaiseSample(device.Id, sample);
        events.RaiseDevice(device.Id);
        return null;
    }
}
