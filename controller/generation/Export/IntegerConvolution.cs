using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Export;

/// <summary>
/// A convolution and its batch norm in integers: output value = Scales[o] · input scale · (Σ Codes · (input code - zero point) + Biases[o]).
/// </summary>
/// <param name="Codes">[out, in / groups, k, k].</param>
/// <param name="Scales">[out].</param>
/// <param name="Biases">[out], in steps of Scales[o] · input scale; together with the largest sum they stay inside int32.</param>
/// <remarks>
/// Batch norm goes into the scale and the bias, so the codes stay those of training; a negative factor flips their sign. Codes of fewer than 8
/// bits stand in the top bits of the byte and the scale shrinks alike: the same weights, but the bias, which
/// rounds to one step, gets a step 2^(8-bits) times finer. That rounding is all that separates the engine from training: a code differs by one
/// where the value lies within half a step of a tie, about one code in 600 at 4 and at 8 bits.
/// </remarks>
internal sealed record IntegerConvolution(sbyte[] Codes, float[] Scales, int[] Biases)
{
    /// <summary>Bits of a code as the engine holds it.</summary>
    public const int EngineBits = 8;

    /// <summary>Largest code as the engine holds it.</summary>
    public const int MaxCode = (1 << (EngineBits - 1)) - 1;

    /// <summary>
    /// Smallest step of the accumulator, in output codes. A channel that batch norm scales to almost nothing would need a bias beyond int32; with
    /// this floor the full range of 256 codes takes 2^30 steps. Below the floor codes are re-rounded, off by at most taps · 2^-15 output codes.
    /// </summary>
    internal const double SmallestStep = 1.0 / (1 << 22);

    /// <summary>Largest sum of products allowed, an eighth of int32: a bias clamped to the rest still outweighs it by 384 output codes.</summary>
    internal const long MaxSum = 1L << 28;

    /// <exception cref="ArgumentException">The values do not fit the layer or are not finite.</exception>
    /// <exception cref="NotSupportedException">A filter has so many taps that its sum could overflow.</exception>
    public static IntegerConvolution Fold(
        ConvSpec layer, TrainedConvolution trained, int bits, ActivationQuantizer input, ActivationQuantizer output)
    {
        FoldedBatchNorm norm = FoldedBatchNorm.Of(layer, trained);
        WeightGrid grid = WeightGrid.Quantize(trained.Weights, layer.OutChannels, bits, trained.WeightStep);
        int taps = layer.WeightCount / layer.OutChannels, lift = 1 << (EngineBits - bits);
        long maxBias = MaxBias(layer.Name, taps, input);
        IntegerConvolution folded = new(new sbyte[layer.WeightCount], new float[layer.OutChannels], new int[layer.OutChannels]);
        for (int o = 0; o < layer.OutChannels; o++)
        {
            double exact = Math.Abs(norm.Factors[o]) * grid.Scales[o] / lift;
            double smallest = SmallestStep * output.Scale / input.Scale;
            float scale = folded.Scales[o] = (float)Math.Max(exact, smallest);
            double shrink = (norm.Factors[o] < 0 ? -lift : lift) * Math.Min(1, exact / smallest);
            for (int i = o * taps; i < (o + 1) * taps; i++)
                folded.Codes[i] = (sbyte)Math.Round(grid.Codes[i] * shrink, MidpointRounding.ToEven);

            // The engine's own float32 step, in its order of operations, so that bias · step is the shift.
            float step = input.Scale * scale / output.Scale;
            double bias = Math.Round(norm.Shifts[o] / output.Scale / step, MidpointRounding.ToEven);
            folded.Biases[o] = (int)Math.Clamp(bias, -maxBias, maxBias);
        }

        return folded;
    }

    /// <summary>
    /// Largest bias that cannot overflow. A convolution's bias beyond it saturates the output whatever the input: clamping changes nothing.
    /// </summary>
    internal static long MaxBias(string layer, int taps, ActivationQuantizer input)
    {
        long sum = (long)taps * MaxCode * Math.Max(input.ZeroPoint, input.MaxCode - input.ZeroPoint);
        return sum <= MaxSum
            ? int.MaxValue - sum
            : throw new NotSupportedException($"Layer '{layer}' sums {taps} products of {input.Bits}-bit inputs, more than int32 is sure to hold.");
    }
}
