namespace InstantNet.Generation.Import;

/// <summary>Weights cut off, row by row, where rounding the rest to a symmetric grid costs the least squared error. Pure.</summary>
internal static class ClippedWeights
{
    private const int Candidates = 40;

    // With Gaussian weights the best clip at 2 bits, the fewest, is near 0.4 of the largest of a thousand.
    private const double Finest = 0.3;

    /// <param name="weights">[rows, ...], finite.</param>
    /// <param name="rows">Output channels.</param>
    /// <param name="bits">Of a code, 2 to 16.</param>
    /// <returns>A copy; a row's largest magnitude is its clip, from which the grid follows.</returns>
    public static float[] Of(float[] weights, int rows, int bits)
    {
        float[] clipped = [.. weights];
        int taps = weights.Length / rows, levels = (1 << (bits - 1)) - 1;
        for (int o = 0; o < rows; o++)
        {
            Span<float> row = clipped.AsSpan(o * taps, taps);
            float largest = 0;
            foreach (float weight in row)
                largest = MathF.Max(largest, MathF.Abs(weight));
            float best = largest;
            double least = double.PositiveInfinity;
            for (int i = 0; i <= Candidates && largest > 0; i++)
            {
                float clip = (float)(largest * (1 - ((1 - Finest) * i / Candidates)));
                double error = ErrorAt(row, clip, levels);
                if (error < least)
                    (best, least) = (clip, error);
            }

            foreach (ref float weight in row)
                weight = Math.Clamp(weight, -best, best);
        }

        return clipped;
    }

    private static double ErrorAt(ReadOnlySpan<float> row, float clip, int levels)
    {
        float step = clip / levels;
        double error = 0;
        foreach (float weight in row)
        {
            float off = weight - (step * MathF.Round(Math.Clamp(weight / step, -levels, levels)));
            error += (double)off * off;
        }

        return error;
    }
}
