using InstantNet.Contracts;

namespace InstantNet.Agent.PrecisionControl;

/// <summary>The most accurate use of a mean energy: a share of frames at one variant, the rest at another. Pure; allocates nothing.</summary>
/// <remarks>
/// Maximising mean accuracy over shares of variants, with shares that add up to one and a bound on mean energy, is a linear program with two
/// constraints; a best solution mixes at most two variants, and they are neighbours on the upper concave hull of (energy, accuracy).
/// </remarks>
/// <param name="Low">Index of the one with less energy.</param>
/// <param name="High">Index of the other; equal when one alone is best.</param>
/// <param name="HighShare">Share of frames at <paramref name="High"/>, 0..1.</param>
internal readonly record struct EnergyMixture(int Low, int High, double HighShare)
{
    private const int MostVariants = Precision.MaxBits - Precision.MinBits + 1;

    /// <summary>The mixture among the variants that limits on bits and latency leave; null when they leave none.</summary>
    /// <param name="variants">One a bit-width.</param>
    /// <param name="budget">Its limits; the energy is that of <see cref="Budget.Allowance"/>.</param>
    public static EnergyMixture? Best(ReadOnlySpan<VariantCost> variants, in Budget budget)
    {
        Span<int> hull = stackalloc int[MostVariants];
        int count = Hull(variants, budget, hull);
        if (count == 0)
            return null;
        double energy = budget.Allowance.MjPerFrame;
        int above = 0;
        while (above < count && variants[hull[above]].EnergyMj <= energy)
            above++;
        if (above == 0)
            return new EnergyMixture(hull[0], hull[0], 1);
        if (above == count)
            return new EnergyMixture(hull[count - 1], hull[count - 1], 1);
        double low = variants[hull[above - 1]].EnergyMj, high = variants[hull[above]].EnergyMj;
        return new EnergyMixture(hull[above - 1], hull[above], (energy - low) / (high - low));
    }

    /// <summary>Upper hull, least energy first, accuracy rising (monotone chain; source: Andrew, Information Processing Letters 9, 1979).</summary>
    private static int Hull(ReadOnlySpan<VariantCost> variants, in Budget budget, Span<int> hull)
    {
        Span<int> order = stackalloc int[MostVariants];
        int permitted = 0;
        for (int i = 0; i < variants.Length; i++)
        {
            ref readonly VariantCost v = ref variants[i];
            if (v.Bits < budget.Min || v.Bits > budget.Max || !(v.LatencyMs <= budget.LatencyMs))
                continue;
            int place = permitted++;
            for (; place > 0 && Comes(v, variants[order[place - 1]]); place--)
                order[place] = order[place - 1];
            order[place] = i;
        }

        int count = 0;
        foreach (int next in order[..permitted])
        {
            if (count > 0 && variants[next].Accuracy <= variants[hull[count - 1]].Accuracy)
                continue;
            while (count > 1 && !IsAbove(variants[hull[count - 2]], variants[hull[count - 1]], variants[next]))
                count--;
            hull[count++] = next;
        }

        return count;
    }

    private static bool Comes(in VariantCost a, in VariantCost b) =>
        a.EnergyMj < b.EnergyMj || (a.EnergyMj == b.EnergyMj && a.Accuracy > b.Accuracy);

    private static bool IsAbove(in VariantCost left, in VariantCost middle, in VariantCost right) =>
        (middle.Accuracy - left.Accuracy) * (right.EnergyMj - left.EnergyMj) > (right.Accuracy - left.Accuracy) * (middle.EnergyMj - left.EnergyMj);
}
