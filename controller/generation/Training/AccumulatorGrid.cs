using InstantNet.Contracts;
using InstantNet.Generation.Export;
using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Training;

/// <summary>
/// Puts every batch norm's shift on the steps of the integer accumulator, at each precision that runs in integers: the bias that a device adds is
/// then the very one that the trained network uses, instead of one that differs by half a step and flips a code in some hundred.
/// </summary>
/// <remarks>Batch norms are one per precision, so no precision disturbs another. Done once, after the statistics are final.</remarks>
internal static class AccumulatorGrid
{
    /// <summary>Changes the shifts (beta) of the network in place, by at most half a step of the accumulator each; nothing where its quantiser has no integer form.</summary>
    public static void Snap(SwitchableNet net)
    {
        if (!net.Quantizer.Deployment.IsExact)
            return;
        foreach (Precision precision in net.Precisions.Where(p => p.IsInteger))
        {
            foreach (ConvSpec layer in net.Spec.Layers.OfType<ConvSpec>())
                Snap(net, layer, precision);
        }
    }

    private static void Snap(SwitchableNet net, ConvSpec layer, Precision precision)
    {
        LayerSpec? maker = net.Spec.Layers.FirstOrDefault(l => l.Name == layer.Input);
        double inputStep = maker is null ? VariantExport.Pixels.Scale : net.QuantizerOf(maker).Grids(precision).Made!.Value.Scale;
        BatchNorm norm = net.NormOf(layer)[precision];
        Span<float> gamma = norm.Weight.Elements<float>(), beta = norm.Bias.Elements<float>();
        Span<float> mean = norm.RunningMean.Elements<float>(), variance = norm.RunningVariance.Elements<float>();
        int bits = BitPlan.Weights(layer, precision);
        float[] scales = WeightGrid.Quantize(net.WeightsOf(layer).Elements<float>().ToArray(), layer.OutChannels, bits, net.QuantizerOf(layer).Grids(precision).WeightStep).Scales;
        for (int c = 0; c < layer.OutChannels; c++)
        {
            double factor = gamma[c] / Math.Sqrt((double)variance[c] + norm.Epsilon);
            double step = inputStep * Math.Abs(factor) * scales[c] / (1 << (IntegerConvolution.EngineBits - bits));
            double shift = beta[c] - factor * mean[c];
            // A channel scaled to almost nothing has no steps to speak of; the export's own floor deals with it.
            if (step > 0 && Math.Abs(shift / step) < 1 << 22)
                beta[c] = (float)(Math.Round(shift / step, MidpointRounding.ToEven) * step + factor * mean[c]);
        }
    }
}
