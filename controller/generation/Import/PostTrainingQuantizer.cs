using InstantNet.Contracts;
using InstantNet.Generation.Export;
using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Import;

/// <summary>Makes a variant of fewer bits of a float network without training it: clips, weights and biases chosen from what calibration images do.</summary>
/// <remarks>
/// Clips and weight ranges are where rounding costs the least squared error; biases may make up for what the rounding of the weights adds on
/// average (Nagel et al., Data-Free Quantization, ICCV 2019, section 4.2, with measured means) and lie on the accumulator's steps, so that integers
/// compute the same. Whether biases are better corrected, <see cref="MeasuredQuantizer"/> finds out.
/// </remarks>
internal sealed class PostTrainingQuantizer(NetSpec net, TrainedVariant plain, TensorStatistics statistics)
{
    // An image that is not normalised is whole pixels / 255: eight bits hold it exactly at every precision.
    private static readonly ActivationQuantizer Pixels = new(1f / byte.MaxValue, 0, 8);

    /// <summary>The variant.</summary>
    /// <param name="precision">At most 16 bits.</param>
    /// <param name="correction">Part of the weights' rounding that biases make up for, 0..1.</param>
    public TrainedVariant Quantize(Precision precision, double correction)
    {
        Dictionary<string, ActivationQuantizer> activations = new(StringComparer.Ordinal) { [NetSpec.InputName] = ImageQuantizer(precision) };
        Dictionary<string, TrainedConvolution> convolutions = new(StringComparer.Ordinal);
        Dictionary<string, TrainedDense> dense = new(StringComparer.Ordinal);
        foreach (LayerSpec layer in net.Layers.SkipLast(1))
        {
            activations[layer.Name] = layer is SelectionSpec selection ? activations[selection.Input] : Quantizer(layer, precision);
            if (layer is ConvSpec c)
            {
                TrainedDense made = Rounded(c, c.Input, plain.Convolutions[c.Name].Weights, plain.Convolutions[c.Name].Beta, precision, correction);
                Snap(c, activations[c.Input], made, precision);
                convolutions[c.Name] = made.AsConvolution();
            }
            else if (layer is DenseSpec d)
            {
                dense[d.Name] = Rounded(d, d.Input, plain.Dense[d.Name].Weights, plain.Dense[d.Name].Bias, precision, correction);
                Snap(d, activations[d.Input], dense[d.Name], precision);
            }
        }

        LinearSpec last = (LinearSpec)net.Layers[^1];
        TrainedDense scores = Rounded(last, last.Input, plain.Classifier.Weights, plain.Classifier.Bias, precision, correction);
        return new TrainedVariant(precision, convolutions, new TrainedClassifier(scores.Weights, scores.Bias), activations) { Dense = dense };
    }

    /// <summary>Clipped weights, and a bias of its own that makes up for their rounding.</summary>
    private TrainedDense Rounded(LayerSpec layer, string input, float[] weights, float[] bias, Precision precision, double correction)
    {
        TrainedDense made = new(ClippedWeights.Of(weights, bias.Length, BitPlan.Weights(layer, precision)), [.. bias]);
        if (correction > 0)
            Correct(layer, input, weights, made, precision, correction);
        return made;
    }

    private ActivationQuantizer ImageQuantizer(Precision precision)
    {
        if (net.Normalization is not { } normalization)
            return Pixels;
        int bits = BitPlan.Activation(net, NetSpec.InputName, precision);
        double[] ends = [.. normalization.Factors.Zip(normalization.Means).SelectMany(p => (double[])[-p.First * p.Second, p.First * (1 - p.Second)]), 0];
        double scale = (ends.Max() - ends.Min()) / ((1 << bits) - 1);
        return new ActivationQuantizer((float)scale, (int)Math.Round(-ends.Min() / scale), bits);
    }

    private ActivationQuantizer Quantizer(LayerSpec layer, Precision precision)
    {
        int bits = BitPlan.Activation(net, layer.Name, precision);
        bool isSigned = BitPlan.IsSigned(net, layer.Name);
        int levels = isSigned ? (1 << (bits - 1)) - 1 : (1 << bits) - 1;
        // The clip is the ReLU6 too: there is no other one in a quantised variant.
        float ceiling = layer switch { ConvSpec c => c.Ceiling, AddSpec a => a.Ceiling, DenseSpec d => d.Ceiling, _ => null } ?? float.MaxValue;
        double clip = Math.Min(statistics.Of(layer.Name).BestClip(levels), ceiling);
        return new ActivationQuantizer((float)(clip / levels), isSigned ? 1 << (bits - 1) : 0, bits);
    }

    /// <summary>Takes out of the bias what rounded weights make of the input's mean beyond what the weights themselves make of it.</summary>
    private void Correct(LayerSpec layer, string input, float[] weights, TrainedDense made, Precision precision, double correction)
    {
        float[] bias = made.Bias;
        WeightGrid grid = WeightGrid.Quantize(made.Weights, bias.Length, BitPlan.Weights(layer, precision));
        double[] means = statistics.MeanOf(input);
        int taps = weights.Length / bias.Length;
        if (layer is ConvSpec)
            means = [.. means.Chunk(net.ShapeOf(input).Pixels).Select(c => c.Average())];
        (int window, int outPerGroup, int inPerGroup) = layer is ConvSpec conv
            ? (conv.Kernel * conv.Kernel, conv.OutChannels / conv.Groups, conv.InChannels / conv.Groups)
            : (1, bias.Length, means.Length);
        for (int o = 0; o < bias.Length; o++)
        {
            double added = 0;
            for (int i = 0; i < taps; i++)
            {
                int at = (o * taps) + i;
                added += ((double)grid.Value(o, at) - weights[at]) * means[(o / outPerGroup * inPerGroup) + (i / window)];
            }

            bias[o] = (float)(bias[o] - (correction * added));
        }
    }

    /// <summary>Puts biases on the steps that a device's int32 sums have, so that it adds the very same.</summary>
    public static void Snap(LayerSpec layer, ActivationQuantizer input, TrainedDense made, Precision precision)
    {
        if (!precision.IsInteger)
            return;
        int bits = BitPlan.Weights(layer, precision);
        float[] bias = made.Bias, scales = WeightGrid.Quantize(made.Weights, bias.Length, bits).Scales;
        for (int o = 0; o < bias.Length; o++)
        {
            double step = (double)input.Scale * scales[o] / (1 << (IntegerConvolution.EngineBits - bits));
            // A channel scaled to almost nothing has no steps to speak of; the export's own floor deals with it.
            if (step > 0 && Math.Abs(bias[o] / step) < 1 << 22)
                bias[o] = (float)(Math.Round(bias[o] / step, MidpointRounding.ToEven) * step);
        }
    }
}
