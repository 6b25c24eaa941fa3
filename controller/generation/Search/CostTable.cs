namespace InstantNet.Generation.Search;

/// <summary>What every choice of every layer costs: measured once, before a search. Immutable.</summary>
/// <remarks>
/// A network's cost is the product over the factors of the sum over its layers: one factor of multiply-accumulates; energy and time for their product.
/// </remarks>
/// <param name="Name">What is counted.</param>
/// <param name="Unit">Of the product.</param>
/// <param name="Factors">At least one, all of the same layers and choices.</param>
public sealed record CostTable(string Name, string Unit, IReadOnlyList<CostFactor> Factors)
{
    /// <summary>Cost of one network.</summary>
    /// <param name="choices">Index of a choice for each layer.</param>
    public double Of(IReadOnlyList<int> choices) =>
        Factors.Aggregate(1.0, (product, f) => product * (f.Fixed + choices.Select((choice, layer) => f.Layers[layer][choice]).Sum()));

    /// <summary>Cost of the network with every layer's dearest choice.</summary>
    public double Dearest => Factors.Aggregate(1.0, (product, f) => product * (f.Fixed + f.Layers.Sum(l => l.Max())));

    /// <summary>Cost of the network with every layer's cheapest choice.</summary>
    public double Cheapest => Factors.Aggregate(1.0, (product, f) => product * (f.Fixed + f.Layers.Sum(l => l.Min())));

    /// <summary>Expected cost, every layer drawn by itself; of several factors the product of their expectations.</summary>
    /// <param name="probabilities">[layers, choices], each row summing to 1; a gradient flows to it.</param>
    /// <param name="scale">The result is a part of it, so that float suffices.</param>
    /// <returns>[1]; the innermost scope owns it.</returns>
    public Tensor Expected(Tensor probabilities, double scale)
    {
        double perFactor = Math.Pow(scale, 1.0 / Factors.Count);
        Tensor? product = null;
        foreach (CostFactor factor in Factors)
        {
            float[] values = [.. factor.Layers.SelectMany(l => l.Select(c => (float)(c / perFactor)))];
            Tensor sum = (probabilities * tensor(values, factor.Layers.Count, factor.Layers[0].Count)).sum() + (factor.Fixed / perFactor);
            product = product is null ? sum : product * sum;
        }

        return product ?? throw new InvalidOperationException("A cost has at least one factor.");
    }
}

/// <summary>One additive quantity.</summary>
/// <param name="Fixed">Of the layers that all networks have.</param>
/// <param name="Layers">Of each layer, of each choice; not negative.</param>
public sealed record CostFactor(double Fixed, IReadOnlyList<IReadOnlyList<double>> Layers);
