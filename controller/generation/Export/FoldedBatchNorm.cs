using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Export;

/// <summary>A batch norm as one multiply and one add per channel: y = Factors[c] · x + Shifts[c].</summary>
/// <param name="Factors">gamma / sqrt(variance + epsilon), [out]; negative where gamma is.</param>
/// <param name="Shifts">beta - factor · mean, [out].</param>
/// <remarks>
/// In double precision, so that folding adds no rounding of its own. Source: Jacob et al., CVPR 2018 (arXiv:1712.05877), section 3.2.
/// </remarks>
internal sealed record FoldedBatchNorm(double[] Factors, double[] Shifts)
{
    /// <exception cref="ArgumentException">The arrays do not fit the layer, or a value is not finite.</exception>
    public static FoldedBatchNorm Of(ConvSpec layer, TrainedConvolution trained)
    {
        int channels = layer.OutChannels;
        if (trained.Weights.Length != layer.WeightCount || trained.Gamma.Length != channels || trained.Beta.Length != channels
            || trained.Mean.Length != channels || trained.Variance.Length != channels)
        {
            throw new ArgumentException($"Layer '{layer.Name}' needs {layer.WeightCount} weights and {channels} of each batch norm value, "
                + $"it has {trained.Weights.Length} and {trained.Gamma.Length}, {trained.Beta.Length}, {trained.Mean.Length}, {trained.Variance.Length}.");
        }

        double[] factors = new double[channels], shifts = new double[channels];
        for (int c = 0; c < channels; c++)
        {
            factors[c] = trained.Gamma[c] / Math.Sqrt((double)trained.Variance[c] + trained.Epsilon);
            shifts[c] = trained.Beta[c] - factors[c] * trained.Mean[c];
            if (!double.IsFinite(factors[c]) || !double.IsFinite(shifts[c]))
                throw new ArgumentException($"The batch norm of layer '{layer.Name}', channel {c}, is not finite: training has diverged.");
        }

        return new FoldedBatchNorm(factors, shifts);
    }
}
