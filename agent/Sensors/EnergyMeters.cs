using InstantNet.Contracts;
using InstantNet.Contracts.Releases;

namespace InstantNet.Agent.Sensors;

/// <summary>Picks the meter for a release: the dataflow model of this class, else the counters of the machine, else processor time.</summary>
/// <remarks>Thread safe.</remarks>
/// <param name="deviceClass">What this device is.</param>
/// <param name="powercapRoot">Where energy counters are looked for, usually <see cref="RaplMeter.DefaultRoot"/>.</param>
/// <param name="wattsPerCore">Nominal power of a busy core for the estimate, watts.</param>
internal sealed class EnergyMeters(WireId deviceClass, string powercapRoot, double wattsPerCore)
{
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
        if (costs.Count > 0)
            return new DataflowMeter(costs);
        return (IEnergyMeter?)RaplMeter.TryOpen(powercapRoot) ?? new ProcessorTimeMeter(wattsPerCore);
    }
}
