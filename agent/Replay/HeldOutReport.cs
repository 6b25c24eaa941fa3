using InstantNet.Agent.PrecisionControl;

namespace InstantNet.Agent.Replay;

/// <summary>What the energy horizon makes of traces that it was not tuned on.</summary>
/// <param name="FirstSeed">Seed of the first trace; the others follow.</param>
/// <param name="Traces">How many.</param>
/// <param name="MeanOfOptimum">Mean accuracy as a share of the offline optimum's, 0..1.</param>
/// <param name="WorstOfOptimum">The least of them.</param>
/// <param name="Worst">Its trace.</param>
/// <param name="BelowThresholds">Share of traces on which thresholds of stored energy deliver more, 0..1.</param>
/// <param name="BelowBestPinned">Share of traces on which the better of always highest and always lowest delivers more, 0..1.</param>
/// <param name="MeanThresholds">Mean of thresholds as a share of the optimum.</param>
/// <param name="WorstOverrunPct">Most energy wanted but not there, percent, beyond what always the lowest precision lacked.</param>
/// <param name="Overrun">Traces with more than <see cref="MostOverrunPct"/> of it.</param>
/// <param name="Unavoidable">Traces on which always the lowest precision lacks more than <see cref="MostOverrunPct"/>; that is not the policy's fault.</param>
/// <param name="WorstLatePct">Most frames answered late, percent of those that came.</param>
/// <param name="Results">All of them.</param>
internal sealed record HeldOutReport(
    int FirstSeed, int Traces, double MeanOfOptimum, double WorstOfOptimum, string Worst, double BelowThresholds, double BelowBestPinned,
    double MeanThresholds, double WorstOverrunPct, int Overrun, int Unavoidable, double WorstLatePct, IReadOnlyList<PolicyComparison> Results)
{
    /// <summary>A budget is overrun by no more than this, percent.</summary>
    public const double MostOverrunPct = 2;

    /// <summary>Plays a number of unseen traces.</summary>
    /// <param name="firstSeed">See <see cref="UnseenTraces"/>.</param>
    /// <param name="traces">Positive.</param>
    /// <param name="variants">To play with; null for each trace's own.</param>
    public static HeldOutReport Of(int firstSeed, int traces, VariantCost[]? variants)
    {
        PolicyComparison[] results = new PolicyComparison[traces];
        Parallel.For(0, traces, i =>
        {
            UnseenCase unseen = UnseenTraces.Make(firstSeed + i, variants);
            results[i] = PolicyComparison.Of(unseen.Trace, unseen.Variants, unseen.Policy);
        });
        PolicyComparison worst = results.MinBy(OfOptimum)!;
        return new HeldOutReport(
            firstSeed, traces, results.Average(OfOptimum), OfOptimum(worst), worst.Trace,
            results.Average(r => Horizon(r).Accuracy < Named(r, PolicyComparison.Threshold).Accuracy ? 1.0 : 0),
            results.Average(r => Horizon(r).Accuracy < Math.Max(Named(r, PolicyComparison.Highest).Accuracy, Named(r, PolicyComparison.Lowest).Accuracy) ? 1.0 : 0),
            results.Average(r => Named(r, PolicyComparison.Threshold).Accuracy / r.Optimum),
            results.Max(r => r.OwnOverrunPct), results.Count(r => r.OwnOverrunPct > MostOverrunPct), results.Count(r => r.UnavoidablePct > MostOverrunPct),
            results.Max(r => 100.0 * Horizon(r).Late / Math.Max(1, Horizon(r).Frames)), results);
    }

    /// <summary>Accuracy of the horizon as a share of the optimum's.</summary>
    public static double OfOptimum(PolicyComparison one) => one.Optimum > 0 ? Horizon(one).Accuracy / one.Optimum : 1;

    private static ReplayResult Horizon(PolicyComparison one) => one.Results[0];

    private static ReplayResult Named(PolicyComparison one, string policy) => one.Results.First(r => r.Policy == policy);
}
