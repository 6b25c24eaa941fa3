namespace InstantNet.Agent.PrecisionControl;

/// <summary>Holds the precision that <see cref="Budget.Max"/> names, whatever it costs.</summary>
/// <remarks>Without such a variant the next one below, else the lowest.</remarks>
internal sealed class PinnedPrecision : IPrecisionPolicy
{
    /// <inheritdoc/>
    public string Name => "pinned";

    /// <inheritdoc/>
    public int Choose(ReadOnlySpan<VariantCost> variants, in Budget budget)
    {
        for (int i = variants.Length - 1; i > 0; i--)
        {
            if (variants[i].Bits <= budget.Max)
                return i;
        }

        return 0;
    }
}
