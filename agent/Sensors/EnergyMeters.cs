using InstantNet.Contracts;
using InstantNet.Contracts.Releases;

namespace InstantNet.Agent.Sensors;

/// <summary>Picks the meter for a release in the order of <see cref="MeterOrder"/>. Thread safe.</summary>
/// <param name="deviceClass">What this device is.</param>
/// <param name="sources">What there may be to measure with.</param>
internal sealed class EnergyMeters(WireId deviceClass, MeterSources sources) : IDisposable
{
    private const int RestReadings = 10;
    private readonly Lock _lock = new();
    private readonly Dictionary<MeterKind, EnergyLedger> _ledgers = [];

    /// <summary>Predicted cost of every precision for this class; empty unless all precisions have one.</summary>
    public IReadOnlyDictionary<Precision, PredictedCost> PredictedCosts(ReleaseManifest manifest)
    {
        Dictionary<Precision, PredictedCost> costs = [];
        foreach (VariantManifest variant in manifest.Variants)
        {
            if (variant.Costs.FirstOrDefault(c => c.DeviceClass == deviceClass) is { } cost)
                costs[variant.Bits] = cost;
        }

        return costs.Count == manifest.Variants.Count ? costs : new Dictionary<Precision, PredictedCost>();
    }

    /// <summary>Opens a meter; the caller owns it.</summary>
    public IEnergyMeter Open(ReleaseManifest manifest)
    {
        IReadOnlyDictionary<Precision, PredictedCost> costs = PredictedCosts(manifest);
        IEnergyMeter WithoutSensor() => costs.Count > 0 ? new DataflowMeter(costs) : new ProcessorTimeMeter(sources.WattsPerCore);
        foreach (MeterKind kind in MeterOrder.For(sources.Meter, costs.Count > 0))
        {
            if (kind == MeterKind.Dataflow && costs.Count > 0)
                return new DataflowMeter(costs);
            if (kind == MeterKind.Processor)
                return new ProcessorTimeMeter(sources.WattsPerCore);
            if (LedgerOf(kind) is { } ledger)
                return new LedgerMeter(ledger, WithoutSensor());
        }

        return WithoutSensor();
    }

    /// <summary>Learns what the device draws at rest, before its first release is loaded; at once when no sensor is used, or it is known.</summary>
    /// <remarks>Later rests show by themselves, whenever no frame runs for <see cref="EnergyLedger.Quiet"/>.</remarks>
    public async Task RestAsync(ReleaseManifest manifest, CancellationToken cancellationToken)
    {
        using IEnergyMeter meter = Open(manifest);
        if (meter is not LedgerMeter { Ledger: { IdleMilliwatts: null } ledger })
            return;
        ledger.BeginRest();
        long began = sources.Time.GetTimestamp();
        // Timers may ring a little early; the clock says when the rest was long enough to count.
        while (sources.Time.GetElapsedTime(began) < EnergyLedger.Quiet)
        {
            await Task.Delay(EnergyLedger.Quiet / RestReadings, sources.Time, cancellationToken);
            ledger.Sample();
        }

        ledger.EndRest();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (EnergyLedger ledger in _ledgers.Values)
                ledger.Dispose();
            _ledgers.Clear();
        }
    }

    private EnergyLedger? LedgerOf(MeterKind kind)
    {
        lock (_lock)
        {
            if (!_ledgers.TryGetValue(kind, out EnergyLedger? ledger) && sources.TryOpen(kind, out _) is { } counter)
                _ledgers[kind] = ledger = new EnergyLedger(counter, sources.Time);
            return ledger;
        }
    }
}
