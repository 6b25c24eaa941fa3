using InstantNet.Contracts;
using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Training.Quantizers;

/// <summary>
/// Learned step sizes: one for a layer's weights and one for the tensor it makes, at each precision. Weights have codes of ±(2^(b-1) - 1),
/// activations 0..2^b-1 after ReLU and -2^(b-1)..2^(b-1)-1 elsewhere.
/// </summary>
/// <remarks>
/// Source: Esser et al., Learned Step Size Quantization, ICLR 2020: equation 3 for the gradients, which are scaled by 1/sqrt(N · Qp) (section
/// 2.2). Two deviations: weights leave out the lowest code, so that a batch norm may flip their sign; steps start where they round with the least
/// squared error, as those of LSQ+ do for activations (Bhalgat et al., CVPRW 2020), instead of at 2·mean|v|/sqrt(Qp).
/// </remarks>
public sealed class LsqQuantizer : IQuantizer
{
    /// <inheritdoc/>
    public string Name => "lsq";

    /// <inheritdoc/>
    public Deployment Deployment => Deployment.Exact;

    /// <inheritdoc/>
    public ILayerQuantizer ForLayer(NetSpec spec, LayerSpec layer, IReadOnlyList<Precision> precisions)
    {
        ArgumentNullException.ThrowIfNull(precisions);
        return new LsqLayer(spec, layer, precisions);
    }
}
