namespace InstantNet.Agent.PrecisionControl;

/// <summary>Which variants are worth offering on this device: those that no other one beats. Pure.</summary>
internal static class VariantDominance
{
    /// <summary>Indices of the variants to offer, in the order given; never empty unless <paramref name="variants"/> is.</summary>
    /// <param name="variants">Cost of each resident variant.</param>
    /// <param name="noise">
    /// Relative difference of latency or energy that means nothing, 0..1: 0 for modelled costs, the spread of repeated measurements for measured
    /// ones. Without it two variants that run the same kernels would both be offered because one of them happened to be timed 1 % faster.
    /// </param>
    public static int[] Offered(ReadOnlySpan<VariantCost> variants, double noise)
    {
        List<int> offered = [.. Enumerable.Range(0, variants.Length)];
        // A variant falls only to one that is still offered: with noise, "dominates" is not transitive, and a ring must not remove itself.
        foreach (int loser in (int[])[.. offered])
        {
            foreach (int winner in offered)
            {
                if (winner != loser && Dominates(variants[winner], variants[loser], noise))
                {
                    offered.Remove(loser);
                    break;
                }
            }
        }

        return [.. offered];
    }

    /// <summary>True when <paramref name="a"/> is no less accurate, no slower, no hungrier than <paramref name="b"/>, and better in one.</summary>
    public static bool Dominates(in VariantCost a, in VariantCost b, double noise)
    {
        double alike = 1 + noise;
        bool noWorse = a.Accuracy >= b.Accuracy && a.LatencyMs <= b.LatencyMs * alike && a.EnergyMj <= b.EnergyMj * alike;
        return noWorse && (a.Accuracy > b.Accuracy || a.LatencyMs * alike < b.LatencyMs || a.EnergyMj * alike < b.EnergyMj);
    }
}
