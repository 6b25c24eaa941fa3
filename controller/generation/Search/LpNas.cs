using InstantNet.Contracts;

namespace InstantNet.Generation.Search;

/// <summary>Weights and architecture both learn at the lowest bit-width.</summary>
/// <remarks>Source: the baseline LP-NAS of Fu et al., InstantNet, DAC 2021 (arXiv:2104.10853), section 4.3.</remarks>
public sealed class LpNas : ISearchMethod
{
    /// <inheritdoc/>
    public string Name => "lp-nas";

    /// <inheritdoc/>
    public IReadOnlyList<Precision> ForWeights(IReadOnlyList<Precision> precisions) => [precisions[0]];

    /// <inheritdoc/>
    public Precision ForArchitecture(IReadOnlyList<Precision> precisions) => precisions[0];
}
