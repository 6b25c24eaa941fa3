using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Export;

/// <summary>The classifier in integers: logit = input scale · Scales[c] · (Σ Codes · (input code - zero point) + Biases[c]), in float.</summary>
/// <param name="Codes">[classes, features].</param>
/// <param name="Scales">[classes].</param>
/// <param name="Biases">[classes], in steps of Scales[c] · input scale.</param>
internal sealed record IntegerClassifier(sbyte[] Codes, float[] Scales, int[] Biases)
{
    /// <summary>
    /// A bias takes at most this many steps; a class whose weights are tiny beside its bias gets a wider step, and its weights round to it.
    /// </summary>
    private const double MaxBiasSteps = 1 << 28;

    /// <exception cref="ArgumentException">The values do not fit the layer or are not finite.</exception>
    /// <exception cref="NotSupportedException">So many features that the sum could overflow.</exception>
    public static IntegerClassifier Fold(LinearSpec layer, TrainedClassifier trained, int bits, ActivationQuantizer input)
    {
        if (trained.Weights.Length != layer.InFeatures * layer.OutFeatures || trained.Bias.Length != layer.OutFeatures)
        {
            throw new ArgumentException($"Classifier '{layer.Name}' needs {layer.OutFeatures}x{layer.InFeatures} weights and "
                + $"{layer.OutFeatures} biases, it has {trained.Weights.Length} and {trained.Bias.Length}.");
        }

        WeightGrid grid = WeightGrid.Quantize(trained.Weights, layer.OutFeatures, bits, trained.WeightStep);
        int lift = 1 << (IntegerConvolution.EngineBits - bits);
        IntegerClassifier folded = new(new sbyte[trained.Weights.Length], new float[layer.OutFeatures], new int[layer.OutFeatures]);
        for (int c = 0; c < layer.OutFeatures; c++)
        {
            if (!float.IsFinite(trained.Bias[c]))
                throw new ArgumentException($"The bias of classifier '{layer.Name}', class {c}, is not finite: training has diverged.");
            double exact = grid.Scales[c] / lift;
            double smallest = Math.Abs(trained.Bias[c]) / (input.Scale * MaxBiasSteps);
            double chosen = Math.Max(exact, smallest);
            float scale = folded.Scales[c] = chosen > 0 ? (float)chosen : 1f;
            double shrink = exact < smallest ? lift * exact / smallest : lift;
            for (int i = c * layer.InFeatures; i < (c + 1) * layer.InFeatures; i++)
                folded.Codes[i] = (sbyte)Math.Round(grid.Codes[i] * shrink, MidpointRounding.ToEven);
            float step = input.Scale * scale;
            long maxBias = IntegerConvolution.MaxBias(layer.Name, folded.Codes.AsSpan(c * layer.InFeatures, layer.InFeatures), input);
            folded.Biases[c] = (int)Math.Clamp(Math.Round(trained.Bias[c] / (double)step, MidpointRounding.ToEven), -maxBias, maxBias);
        }

        return folded;
    }
}
