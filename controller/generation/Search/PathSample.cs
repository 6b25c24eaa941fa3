namespace InstantNet.Generation.Search;

/// <summary>What one step runs, drawn once for all parts of its batch.</summary>
/// <param name="Choices">For each layer the choices that run, the one that won first.</param>
/// <param name="Noise">For each of them its Gumbel noise.</param>
public sealed record PathSample(IReadOnlyList<int[]> Choices, IReadOnlyList<float[]> Noise)
{
    /// <summary>Draws for every layer the choices with the largest sum of parameter and Gumbel noise.</summary>
    /// <remarks>
    /// The first of them is a draw from softmax(alpha), the others draws without putting back: Gumbel, 1954; Kool et al., Stochastic Beams, ICML 2019.
    /// </remarks>
    /// <param name="alpha">[layers][choices].</param>
    /// <param name="paths">Choices that run in each layer.</param>
    /// <param name="random">Where chance comes from; as many numbers are drawn for every number of paths.</param>
    public static PathSample Draw(IReadOnlyList<IReadOnlyList<float>> alpha, int paths, Random random)
    {
        ArgumentNullException.ThrowIfNull(alpha);
        ArgumentNullException.ThrowIfNull(random);
        List<int[]> choices = [];
        List<float[]> noise = [];
        foreach (IReadOnlyList<float> row in alpha)
        {
            float[] drawn = [.. row.Select(_ => Gumbel(random))];
            int[] chosen = [.. Enumerable.Range(0, row.Count).OrderByDescending(c => row[c] + drawn[c]).Take(paths)];
            choices.Add(chosen);
            noise.Add([.. chosen.Select(c => drawn[c])]);
        }

        return new PathSample(choices, noise);
    }

    // NextDouble may give 0, whose two logarithms would be infinite.
    private static float Gumbel(Random random) => (float)-Math.Log(Math.Max(-Math.Log(1 - random.NextDouble()), double.Epsilon));
}
