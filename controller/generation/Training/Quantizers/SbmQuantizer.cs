using InstantNet.Contracts;
using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Training.Quantizers;

/// <summary>
/// The paper's own quantiser: value = lowest + code · range / (2^b - 1), code 0..2^b-1, with the lowest value as it is, not on the grid. Weights
/// per output channel, from the weights of the moment; activations where a convolution reads them, per tensor (depthwise: per channel), from the
/// batch in training and from running ranges, which all precisions share, in inference. Gradients pass everywhere. First convolution, header
/// and classifier stay float, residual sums are not rounded.
/// </summary>
/// <remarks>
/// Source: the released code of Fu et al., InstantNet, DAC 2021, quantize.py (QConv2d), after Banner et al., Scalable Methods for 8-bit Training,
/// NeurIPS 2018.
/// </remarks>
public sealed class SbmQuantizer : IQuantizer
{
    /// <inheritdoc/>
    public string Name => "sbm";

    /// <inheritdoc/>
    public Deployment Deployment { get; } = new(
        "its lowest value lies off the grid, so that 0 (padding) has no code, and its first convolution, header, classifier and sums stay float");

    /// <inheritdoc/>
    public ILayerQuantizer ForLayer(NetSpec spec, LayerSpec layer, IReadOnlyList<Precision> precisions)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return new SbmLayer(layer, StaysFloat(spec, layer));
    }

    private static bool StaysFloat(NetSpec spec, LayerSpec layer) =>
        layer is not ConvSpec { Edge: false } || spec.Layers.Any(l => l is GlobalPoolSpec p && p.Input == layer.Name);
}
