namespace InstantNet.Generation.Search;

/// <summary>The network that architecture parameters stand for.</summary>
/// <param name="Choices">Index of a choice for each layer.</param>
/// <param name="Cost">Of that network.</param>
/// <param name="PreferredCost">Of the network with every layer's most probable choice.</param>
/// <param name="Changes">Layers whose choice is not the most probable one, so that the cost lies in the band or as near as it gets.</param>
public sealed record Derivation(IReadOnlyList<int> Choices, double Cost, double PreferredCost, int Changes)
{
    /// <summary>Takes the most probable choice of every layer.</summary>
    /// <param name="alpha">[layers][choices].</param>
    /// <param name="costs">Of every choice.</param>
    public static Derivation Preferred(IReadOnlyList<IReadOnlyList<float>> alpha, CostTable costs)
    {
        ArgumentNullException.ThrowIfNull(costs);
        int[] choices = [.. alpha.Select(ArgMax)];
        double cost = costs.Of(choices);
        return new Derivation(choices, cost, cost, 0);
    }

    /// <summary>
    /// The same; where that misses the band, layer after layer is changed: always the change that loses the least log-probability for what it gains in
    /// nearness to the band. Ends inside, or where no single change comes nearer.
    /// </summary>
    /// <param name="alpha">[layers][choices].</param>
    /// <param name="costs">Of every choice.</param>
    /// <param name="band">Where the cost should lie.</param>
    public static Derivation InBand(IReadOnlyList<IReadOnlyList<float>> alpha, CostTable costs, TargetBand band)
    {
        Derivation preferred = Preferred(alpha, costs);
        int[] choices = [.. preferred.Choices];
        double cost = preferred.Cost;
        while (band.Distance(cost) > 0 && BestChange(choices, cost, alpha, costs, band) is (int layer, int choice))
        {
            choices[layer] = choice;
            cost = costs.Of(choices);
        }

        return new Derivation(choices, cost, preferred.Cost, choices.Zip(preferred.Choices).Count(p => p.First != p.Second));
    }

    // Nearness always grows, so the loop above ends.
    private static (int Layer, int Choice)? BestChange(
        int[] choices, double cost, IReadOnlyList<IReadOnlyList<float>> alpha, CostTable costs, TargetBand band)
    {
        (int, int)? best = null;
        (double Price, double Gain) found = (double.PositiveInfinity, 0);
        int[] changed = [.. choices];
        for (int layer = 0; layer < choices.Length; layer++)
        {
            for (int choice = 0; choice < alpha[layer].Count; choice++)
            {
                changed[layer] = choice;
                double gain = band.Distance(cost) - band.Distance(costs.Of(changed));
                // The softmax of a row has one denominator, so differences of parameters are those of log-probabilities.
                double loss = Math.Max(0, alpha[layer][choices[layer]] - alpha[layer][choice]);
                if (gain > 0 && (loss / gain < found.Price || (loss / gain == found.Price && gain > found.Gain)))
                    (best, found) = ((layer, choice), (loss / gain, gain));
            }

            changed[layer] = choices[layer];
        }

        return best;
    }

    private static int ArgMax(IReadOnlyList<float> row)
    {
        int best = 0;
        for (int i = 1; i < row.Count; i++)
        {
            if (row[i] > row[best])
                best = i;
        }

        return best;
    }
}
