namespace InstantNet.Agent.PrecisionControl;

/// <summary>Chooses the variant of the next inference. Implementations keep no state, do no I/O and allocate nothing.</summary>
internal interface IPrecisionPolicy
{
    /// <summary>What reports call the policy.</summary>
    string Name { get; }

    /// <param name="variants">Cost per variant, fewest bits first; never empty.</param>
    /// <param name="budget">What one inference may take now.</param>
    /// <returns>Index into <paramref name="variants"/>.</returns>
    int Choose(ReadOnlySpan<VariantCost> variants, in Budget budget);
}
