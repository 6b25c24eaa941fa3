using InstantNet.Contracts;

namespace InstantNet.Generation.Search;

/// <summary>Weights and architecture both learn at the highest bit-width, as in a search that knows nothing of quantisation.</summary>
/// <remarks>Source: the baseline FP-NAS of Fu et al., InstantNet, DAC 2021 (arXiv:2104.10853), section 4.3.</remarks>
public sealed class FpNas : ISearchMethod
{
    /// <inheritdoc/>
    public string Name => "fp-nas";

    /// <inheritdoc/>
    public IReadOnlyList<Precision> ForWeights(IReadOnlyList<Precision> precisions) => [precisions[^1]];

    /// <inheritdoc/>
    public Precision ForArchitecture(IReadOnlyList<Precision> precisions) => precisions[^1];
}
