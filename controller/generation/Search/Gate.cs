namespace InstantNet.Generation.Search;

/// <summary>How the choices of one layer come together in one pass.</summary>
/// <param name="Choices">Those that run.</param>
/// <param name="Weights">[choices that run]; null where one runs and counts as it is.</param>
/// <param name="IsHard">Whether one weight is 1 and the others 0; then the sum lies on the grid of what it picks and is not rounded again.</param>
internal readonly record struct Gate(IReadOnlyList<int> Choices, Tensor? Weights, bool IsHard)
{
    /// <summary>Gates of one pass; they belong to the innermost dispose scope.</summary>
    /// <param name="alpha">[layers, choices]; where it asks for a gradient, one flows to it.</param>
    /// <param name="sample">What was drawn.</param>
    /// <param name="temperature">The lower, the nearer the weights are to 0 and 1.</param>
    /// <param name="isHard">Whether only the choice that won counts, with the gradient of the soft weights (straight through).</param>
    /// <remarks>
    /// Source: Jang et al., Gumbel-Softmax, ICLR 2017; Cai et al., ProxylessNAS, ICLR 2019, section 3.2.1, for two of many: the softmax is over those
    /// that run, so that the probabilities of the others keep their relation.
    /// </remarks>
    public static IReadOnlyList<Gate> Of(Tensor alpha, PathSample sample, double temperature, bool isHard)
    {
        List<Gate> gates = [];
        for (int layer = 0; layer < sample.Choices.Count; layer++)
        {
            int[] chosen = sample.Choices[layer];
            if (chosen.Length == 1)
            {
                gates.Add(new Gate(chosen, null, IsHard: true));
                continue;
            }

            Tensor row = alpha.narrow(0, layer, 1).reshape(-1).index_select(0, tensor([.. chosen.Select(c => (long)c)], chosen.Length));
            Tensor soft = ((row + tensor(sample.Noise[layer], chosen.Length)) * (1 / temperature)).softmax(0);
            gates.Add(new Gate(chosen, isHard ? soft - soft.detach() + First(chosen.Length) : soft, isHard));
        }

        return gates;
    }

    private static Tensor First(int length)
    {
        float[] values = new float[length];
        values[0] = 1;
        return tensor(values, length);
    }
}
