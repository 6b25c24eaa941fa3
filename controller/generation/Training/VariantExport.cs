using InstantNet.Contracts;
using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Training;

/// <summary>Copies a trained network into plain arrays, one variant per precision.</summary>
internal static class VariantExport
{
    // The image is whole pixels / 255 at every precision: eight bits hold it exactly.
    internal static readonly ActivationQuantizer Pixels = new(1f / 255, 0, 8);

    public static TrainedVariant Of(SwitchableNet net, Precision precision)
    {
        LinearSpec classifier = (LinearSpec)net.Spec.Layers[^1];
        return new TrainedVariant(
            precision,
            net.Spec.Layers.OfType<ConvSpec>().ToDictionary(l => l.Name, l => Convolution(net, l, precision), StringComparer.Ordinal),
            new TrainedClassifier(Values(net.WeightsOf(classifier)), Values(net.Bias)) { WeightStep = net.QuantizerOf(classifier).Grids(precision).WeightStep },
            BitPlan.IsFloat(precision) ? [] : Quantizers(net, precision));
    }

    private static TrainedConvolution Convolution(SwitchableNet net, ConvSpec layer, Precision precision)
    {
        BatchNorm norm = net.NormOf(layer)[precision];
        return new TrainedConvolution(
            Values(net.WeightsOf(layer)), Values(norm.Weight), Values(norm.Bias), Values(norm.RunningMean), Values(norm.RunningVariance),
            (float)norm.Epsilon) { WeightStep = net.QuantizerOf(layer).Grids(precision).WeightStep };
    }

    private static Dictionary<string, ActivationQuantizer> Quantizers(SwitchableNet net, Precision precision)
    {
        Dictionary<string, ActivationQuantizer> quantizers = new(StringComparer.Ordinal) { [NetSpec.InputName] = Pixels };
        foreach (LayerSpec layer in net.Spec.Layers.Where(l => l is not LinearSpec))
        {
            quantizers[layer.Name] = net.QuantizerOf(layer).Grids(precision).Made
                ?? throw new InvalidOperationException($"Quantiser '{net.Quantizer.Name}' gives tensor '{layer.Name}' no grid.");
        }

        return quantizers;
    }

    private static float[] Values(Tensor tensor) => tensor.Elements<float>().ToArray();
}
