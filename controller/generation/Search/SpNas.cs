using InstantNet.Contracts;

namespace InstantNet.Generation.Search;

/// <summary>Heterogeneous update: weights learn at every bit-width, the architecture from the lowest alone.</summary>
/// <remarks>Source: Fu et al., InstantNet, DAC 2021 (arXiv:2104.10853), section 3.2.</remarks>
public sealed class SpNas : ISearchMethod
{
    /// <inheritdoc/>
    public string Name => "sp-nas";

    /// <inheritdoc/>
    public IReadOnlyList<Precision> ForWeights(IReadOnlyList<Precision> precisions) => precisions;

    /// <inheritdoc/>
    public Precision ForArchitecture(IReadOnlyList<Precision> precisions) => precisions[0];
}
