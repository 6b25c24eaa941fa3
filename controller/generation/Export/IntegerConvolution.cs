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

    /// <summary>
    /// Largest sum of products allowed, a quarter of int32: a bias clamped to the rest still outweighs it by 256 output codes, which saturates
    /// whatever the zero point is.
    /// </summary>
    internal const long MaxSum = 1L << 29;

    /// <exception cref="ArgumentException">The values do not fit the layer or are not finite.</exception>
    /// <exception cref="NotSupportedException">A filter's weights are so many and so large that its sum could overflow.</exception>
    public static IntegerConvolution Fold(
        ConvSpec layer, TrainedConvolution trained, int bits, ActivationQuantizer input, ActivationQuantizer output)
    {
        FoldedBatchNorm norm = FoldedBatchNorm.Of(layer, trained);
        WeightGrid grid = WeightGrid.Quantize(trained.Weights, layer.OutChannels, bits, trained.WeightStep);
        int taps = layer.WeightCount / layer.OutChannels, lift = 1 << (EngineBits - bits);
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
            long maxBias = MaxBias(layer.Name, folded.Codes.AsSpan(o * taps, taps), input);
            double bias = Math.Round(norm.Shifts[o] / output.Scale / step, MidpointRounding.ToEven);
            folded.Biases[o] = (int)Math.Clamp(bias, -maxBias, maxBias);
        }

        return folded;
    }

    /// <summary>
    /// Largest bias that cannot overflow. A convolution's bias beyond it saturates the output whatever the input: clamping changes nothing.
    /// </summary>
    /// <param name="layer">Name, for the message.</param>
    /// <param name="codes">Weights of one output channel.</param>
    /// <param name="input">What they are multiplied with.</param>
    internal static long MaxBias(string layer, ReadOnlySpan<sbyte> codes, ActivationQuantizer input)
    {
        long sum = 0;
        foreach (sbyte code in codes)
            sum += Math.Abs((int)code);
        sum *= Math.Max(input.ZeroPoint, input.MaxCode - input.ZeroPoint);
        return sum <= MaxSum
            ? int.MaxValue - sum
            : throw new NotSupportedException($"Layer '{layer}' sums {codes.Length} products of {input.Bits}-bit inputs that may reach {sum}, beyond the "
                + $"{MaxSum} up to which an int32 is sure to hold sum and bias: fewer inputs or fewer bits are accepted; 12 and more bits run in float.");
    }
}
