using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Export;

/// <summary>Weights as integer codes: weight = Scales[out] · code, |code| ≤ 2^(bits-1) - 1, symmetric around 0.</summary>
/// <param name="Codes">[out, ...], row-major.</param>
/// <param name="Scales">Width of a step, [out]; 0 where all weights of the channel are 0.</param>
/// <param name="Bits">Of a code, 2..22.</param>
public sealed record WeightGrid(int[] Codes, float[] Scales, int Bits)
{
    /// <summary>Most bits of a code.</summary>
    public const int MaxBits = BitPlan.MaxGridBits;

    /// <summary>Snaps master weights to the grid, exactly as the forward pass in training does.</summary>
    /// <param name="weights">[out, ...], row-major, finite.</param>
    /// <param name="outChannels">Rows of the tensor.</param>
    /// <param name="bits">2..22.</param>
    /// <param name="step">Scale of every row where training learned one, positive; null: each row has its own, max|w| / (2^(bits-1) - 1) in float32.</param>
    /// <returns>Codes are weight / scale in float32, rounded half to even.</returns>
    /// <exception cref="ArgumentException">The tensor has no such rows or holds NaN or infinity, or the step is not positive.</exception>
    public static WeightGrid Quantize(ReadOnlySpan<float> weights, int outChannels, int bits, float? step = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, MaxBits);
        ArgumentOutOfRangeException.ThrowIfLessThan(outChannels, 1);
        if (weights.Length % outChannels != 0)
            throw new ArgumentException($"{weights.Length} weights do not divide into {outChannels} output channels.", nameof(weights));

        if (step is not null and not (> 0 and < float.PositiveInfinity))
            throw new ArgumentException($"A learned step of {step} is not positive and finite.", nameof(step));
        int maxCode = (1 << (bits - 1)) - 1, taps = weights.Length / outChannels;
        int[] codes = new int[weights.Length];
        float[] scales = new float[outChannels];
        for (int o = 0; o < outChannels; o++)
        {
            ReadOnlySpan<float> row = weights.Slice(o * taps, taps);
            float largest = LargestMagnitude(row);
            float scale = scales[o] = step ?? largest / maxCode;
            if (scale == 0)
                continue;
            for (int i = 0; i < taps; i++)
                codes[o * taps + i] = (int)Math.Clamp(MathF.Round(row[i] / scale, MidpointRounding.ToEven), -maxCode, maxCode);
        }

        return new WeightGrid(codes, scales, bits);
    }

    /// <summary>The value of one weight: what a float network that simulates the grid uses.</summary>
    public float Value(int outChannel, int index) => Scales[outChannel] * Codes[index];

    private static float LargestMagnitude(ReadOnlySpan<float> row)
    {
        float largest = 0;
        foreach (float weight in row)
        {
            if (!float.IsFinite(weight))
                throw new ArgumentException("The weights hold NaN or infinity: training has diverged.", nameof(row));
            largest = MathF.Max(largest, MathF.Abs(weight));
        }

        return largest;
    }
}
