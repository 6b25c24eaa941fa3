namespace InstantNet.Agent.PrecisionControl;

/// <summary>Spends on each frame what the battery can spare until its next charge: the best mixture of two variants, one after the other.</summary>
/// <remarks>
/// The mixture is run as long stretches at either side: it changes sides when spending has strayed from the allowance by the swing. So its
/// shares come out exactly while switches stay rare. Where no variant meets bits and latency, <see cref="HighestWithinBudget"/> decides.
/// </remarks>
internal sealed class EnergyHorizon : IPrecisionPolicy
{
    private readonly HighestWithinBudget _withoutHorizon = new();

    /// <inheritdoc/>
    public string Name => "energy-horizon";

    /// <inheritdoc/>
    public int Choose(ReadOnlySpan<VariantCost> variants, in Budget budget)
    {
        if (!budget.Allowance.IsLimited || EnergyMixture.Best(variants, budget) is not { } mixture)
            return _withoutHorizon.Choose(variants, budget);
        if (mixture.Low == mixture.High)
            return mixture.Low;
        double credit = budget.Allowance.CreditMj;
        if (budget.InUse == variants[mixture.High].Bits)
            return credit <= -budget.SwingMj ? mixture.Low : mixture.High;
        if (budget.InUse == variants[mixture.Low].Bits)
            return credit >= budget.SwingMj ? mixture.High : mixture.Low;
        return credit > 0 ? mixture.High : mixture.Low;
    }
}
