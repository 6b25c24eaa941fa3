using InstantNet.Contracts.Messages;
using InstantNet.Controller.Fleet;
using InstantNet.Controller.Storage;

namespace InstantNet.Controller.Telemetry;

/// <summary>Stores a telemetry batch once, however often it arrives.</summary>
internal sealed class AppendBatch(LiveDevice device, TelemetryBatch batch, DateTimeOffset seen) : StoreWrite
{
    private const string InsertSample = """
        INSERT INTO TelemetrySamples (
            Device, Ts, Epoch, Seq, Idx, WindowMs, Release, Bits, Reason, Switches, Frames, FramesTotal, DroppedTotal, Correct,
            LatencyP50Ms, LatencyP95Ms, LatencySource, EnergyMj, EnergySource, BatteryPct, Charging, PowerMw, Confidence, RssMb, Meter)
        VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)
        """;

    /// <summary>After the commit: false when the batch had been stored before.</summary>
    public bool IsNew { get; private set; }

    /// <inheritdoc/>
    public override void Execute(StoreSession session)
    {
        long arrived = seen.ToUnixTimeMilliseconds();
        IsNew = session.Execute(
            "INSERT OR IGNORE INTO TelemetryBatches (Device, Epoch, Seq, ReceivedAt, Dropped, Hist) VALUES ($0, $1, $2, $3, $4, $5)",
            device.Key, batch.Epoch, batch.Seq, arrived, batch.Dropped, batch.Hist ? 1 : 0) == 1;
        if (!IsNew)
        {
            session.Execute("UPDATE Devices SET Duplicates = Duplicates + 1, LastSeen = $0 WHERE Key = $1", arrived, device.Key);
            return;
        }

        for (int i = 0; i < batch.Samples.Count; i++)
            Insert(session, i, batch.Samples[i]);
        session.Execute(
            "UPDATE Devices SET SamplesStored = SamplesStored + $0, LastSeen = $1 WHERE Key = $2", batch.Samples.Count, arrived, device.Key);
    }

    /// <inheritdoc/>
    public override void OnCommitted()
    {
        if (IsNew)
            device.Apply(batch, seen);
        else
            device.CountDuplicate(seen);
    }

    private void Insert(StoreSession session, int index, TelemetrySample s) => session.Execute(
        InsertSample,
        device.Key, s.Ts.ToUnixTimeMilliseconds(), batch.Epoch, batch.Seq, index, s.WindowMs, s.Release.Value, s.Bits.Bits, (int)s.Reason,
        s.Switches, s.Frames, s.FramesTotal, s.DroppedTotal, s.Correct, s.LatencyP50Ms, s.LatencyP95Ms, (int)s.LatencySource,
        s.EnergyMj, (int)s.EnergySource, s.BatteryPct, s.Charging ? 1 : 0, s.PowerMw, s.Confidence, s.RssMb, s.Meter);
}
