using InstantNet.Agent.PrecisionControl;
using InstantNet.Contracts.Messages;

namespace InstantNet.Agent.Replay;

/// <summary>A policy beside what it is judged by, on one trace. Pure.</summary>
/// <param name="Trace">Name of the trace.</param>
/// <param name="Optimum">Most accuracy that anything could deliver, 0..1.</param>
/// <param name="Results">The policy first.</param>
internal sealed record PolicyComparison(string Trace, double Optimum, IReadOnlyList<ReplayResult> Results)
{
    /// <summary>Names of the rows.</summary>
    public const string Threshold = "thresholds", Highest = "always highest", Lowest = "always lowest";

    /// <summary>Overrun of the policy beyond <see cref="UnavoidablePct"/>, percent: what it could have done without.</summary>
    public double OwnOverrunPct => Math.Max(0, Results[0].OverrunPct - UnavoidablePct);

    /// <summary>Overrun of always the lowest precision, percent: the trace has too little energy for any policy that answers every frame.</summary>
    public double UnavoidablePct => Results.First(r => r.Policy == Lowest).OverrunPct;

    /// <summary>Plays the policy and the others.</summary>
    /// <param name="trace">Surroundings.</param>
    /// <param name="variants">Fewest bits first.</param>
    /// <param name="policy">Without faults.</param>
    public static PolicyComparison Of(Trace trace, VariantCost[] variants, PrecisionPolicy policy)
    {
        PrecisionPolicy bare = policy with { Mode = PolicyMode.Auto, Pin = null, Min = null, Max = null, Budget = null, Battery = null, Thermal = null };
        PrecisionPolicy Pin(VariantCost variant) => bare with { Mode = PolicyMode.Pin, Pin = variant.Bits };
        // The manner of ATM-Net (arXiv:2502.09822), by stored energy alone and with this product's own levels: 8 bits below half, 4 below a fifth.
        PrecisionPolicy thresholds = bare with { Battery = PrecisionPolicy.Default.Battery };
        string name = policy.Mode == PolicyMode.Pin ? "pinned" : policy.Budget?.LastUntil is null ? "highest within budget" : "energy horizon";
        return new PolicyComparison(
            trace.Name,
            OfflineOptimum.Accuracy(trace, variants, PolicyReplay.Deadline(policy), Inference.FramePace.BacklogSeconds),
            [
                PolicyReplay.Run(name, trace, variants, policy), PolicyReplay.Run(Threshold, trace, variants, thresholds),
                PolicyReplay.Run(Highest, trace, variants, Pin(variants[^1])), PolicyReplay.Run(Lowest, trace, variants, Pin(variants[0])),
            ]);
    }
}
