using InstantNet.Contracts;

namespace InstantNet.Agent.PrecisionControl;

/// <summary>The most accurate variant that meets the latency objective, the energy budget and the limits on bits.</summary>
/// <remarks>
/// When nothing meets everything: the upper limit on bits holds before the lower one, limits on bits before energy, energy before latency;
/// so the fastest of those within the energy budget, else the least hungry. Source: Fu et al., InstantNet, DAC 2021 (arXiv:2104.10853), section 1.
/// </remarks>
internal sealed class HighestWithinBudget : IPrecisionPolicy
{
    /// <inheritdoc/>
    public string Name => "highest-within-budget";

    /// <inheritdoc/>
    public int Choose(ReadOnlySpan<VariantCost> variants, in Budget budget)
    {
        Precision max = budget.Max >= variants[0].Bits ? budget.Max : variants[0].Bits;
        Precision min = budget.Min;
        if (!AnyWithin(variants, min, max))
            min = new Precision(Precision.MinBits);

        int best = -1;
        bool bestFits = false;
        for (int i = 0; i < variants.Length; i++)
        {
            ref readonly VariantCost candidate = ref variants[i];
            if (candidate.Bits < min || candidate.Bits > max)
                continue;
            bool fits = candidate.LatencyMs <= budget.LatencyMs && candidate.EnergyMj <= budget.EnergyMj;
            bool better = best < 0 || (fits
                ? !bestFits || candidate.Accuracy > variants[best].Accuracy
                : !bestFits && IsLesserEvil(candidate, variants[best], budget.EnergyMj));
            if (better)
                (best, bestFits) = (i, fits);
        }

        return best;
    }

    private static bool AnyWithin(ReadOnlySpan<VariantCost> variants, Precision min, Precision max)
    {
        foreach (ref readonly VariantCost variant in variants)
        {
            if (variant.Bits >= min && variant.Bits <= max)
                return true;
        }

        return false;
    }

    private static bool IsLesserEvil(in VariantCost a, in VariantCost b, double energyMj)
    {
        bool aFits = a.EnergyMj <= energyMj, bFits = b.EnergyMj <= energyMj;
        if (aFits != bFits)
            return aFits;
        return aFits ? a.LatencyMs < b.LatencyMs : a.EnergyMj < b.EnergyMj;
    }
}
