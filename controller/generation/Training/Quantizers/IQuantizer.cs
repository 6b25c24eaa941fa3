using InstantNet.Contracts;
using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Training.Quantizers;

/// <summary>A way to hold weights and activations at few bits while master weights learn. Stateless; what it learns lies in its layers.</summary>
public interface IQuantizer
{
    /// <summary>What configuration calls it; unique, lower case.</summary>
    string Name { get; }

    /// <summary>Whether devices can compute exactly what training computes, or why not.</summary>
    Deployment Deployment { get; }

    /// <summary>A layer's part with its state, at every precision; the caller disposes it.</summary>
    /// <param name="spec">Network.</param>
    /// <param name="layer">One of its layers.</param>
    /// <param name="precisions">Ascending.</param>
    ILayerQuantizer ForLayer(NetSpec spec, LayerSpec layer, IReadOnlyList<Precision> precisions);
}
