using System.Globalization;
using InstantNet.Contracts;
using InstantNet.Contracts.Releases;

namespace InstantNet.Agent.Inference;

/// <summary>Whether a tried release keeps its manifest's rules. Pure.</summary>
internal static class TrialVerdict
{
    /// <summary>The first rule that does not hold, as one sentence; null when all do.</summary>
    /// <param name="rules">Of the manifest.</param>
    /// <param name="bits">Of the variant.</param>
    /// <param name="p95Ms">95th percentile of the time ONNX Runtime took for a frame, milliseconds.</param>
    /// <param name="energyMj">Mean energy of a frame, millijoules.</param>
    public static string? FirstBreach(ReleaseRules rules, Precision bits, double p95Ms, double energyMj)
    {
        if (!(p95Ms <= rules.MaxP95Ms))
        {
            return string.Create(
                CultureInfo.InvariantCulture, $"The {bits} variant takes {p95Ms:G4} ms at the 95th percentile, {rules.MaxP95Ms:G4} ms is allowed.");
        }

        return energyMj <= rules.MaxEnergyMj
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"The {bits} variant takes {energyMj:G4} mJ a frame, {rules.MaxEnergyMj:G4} mJ is allowed.");
    }
}
