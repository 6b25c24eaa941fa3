using InstantNet.Contracts;

namespace InstantNet.Generation.Search;

/// <summary>At which bit-widths a supernet's weights learn and its architecture parameters see the loss. Stateless.</summary>
public interface ISearchMethod
{
    /// <summary>What options and reports call it; unique, lower case.</summary>
    string Name { get; }

    /// <summary>Bit-widths at which weights learn, every one from those above it (cascade distillation); ascending.</summary>
    /// <param name="precisions">Of the network that is searched for, ascending, at least one.</param>
    IReadOnlyList<Precision> ForWeights(IReadOnlyList<Precision> precisions);

    /// <summary>The bit-width whose loss architecture parameters see; one of those of the weights.</summary>
    /// <param name="precisions">As above.</param>
    Precision ForArchitecture(IReadOnlyList<Precision> precisions);
}
