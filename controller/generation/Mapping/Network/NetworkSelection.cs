using InstantNet.Generation.Mapping.Accounting;
using InstantNet.Generation.Mapping.Search;

namespace InstantNet.Generation.Mapping.Network;

/// <summary>Chooses one mapping per layer so that the whole network comes out well. Pure.</summary>
/// <remarks>
/// Energy–delay product: from a choice with energy E and delay T, taking in each layer the least e + (E/T)·t never raises E·T: the new sums
/// satisfy E' + (E/T)·T' ≤ 2E, and the product of two numbers of bounded sum is largest when they are equal. So the result is never worse
/// than any start, and the experts' choices are among the starts. Energy under a bound on time: the least price of a cycle at which the
/// choice meets the bound (Lagrange relaxation); between two prices nothing better is looked for.
/// </remarks>
internal static class NetworkSelection
{
    private const int MostRounds = 32;
    private const int PriceSteps = 60;

    /// <param name="layers">What each layer offers.</param>
    /// <param name="carried">Per layer the choice of the next higher precision at this one's cost; empty at the highest.</param>
    /// <param name="objective">What to make small.</param>
    /// <param name="mostCycles">Bound on the sum of cycles; null is none.</param>
    /// <returns>The choice; null when no offers meet the bound.</returns>
    public static IReadOnlyList<MappingCandidate>? Choose(
        IReadOnlyList<LayerChoices> layers, IReadOnlyList<MappingCandidate> carried, MapObjective objective, double? mostCycles)
    {
        IReadOnlyList<MappingCandidate>[] offers = Offers(layers, carried);
        if (mostCycles is double bound)
            return UnderBound(layers, offers, bound);
        if (objective != MapObjective.EnergyDelay)
            return [.. offers.Select(o => o.MinBy(c => objective.Of(c.Cost))!)];
        List<IReadOnlyList<MappingCandidate>> starts =
            [[.. layers.Select(l => l.Frontier[0])], .. Enumerable.Range(0, layers[0].Experts.Count).Select(e => layers.Select(l => l.Experts[e]).ToArray())];
        if (carried.Count > 0)
            starts.Add(carried);
        return starts.Select(start => Improve(layers, offers, start)).MinBy(choice => Total(layers, choice).EnergyDelay)!;
    }

    /// <summary>Choices of the network none of which is both hungrier and slower than another, least energy first.</summary>
    public static IReadOnlyList<Cost> Frontier(IReadOnlyList<LayerChoices> layers, IReadOnlyList<MappingCandidate> carried)
    {
        IReadOnlyList<MappingCandidate>[] offers = Offers(layers, carried);
        List<Cost> points = [.. Prices(layers, offers).Select(price => Total(layers, AtPrice(offers, price)))];
        return [.. points.Distinct().Where(p => !points.Any(o => Dominates(o, p))).OrderBy(p => p.EnergyPicojoules)];
    }

    /// <summary>Sum over the layers, all groups.</summary>
    public static Cost Total(IReadOnlyList<LayerChoices> layers, IReadOnlyList<MappingCandidate> choice)
    {
        double energy = 0;
        long cycles = 0;
        for (int i = 0; i < layers.Count; i++)
        {
            Cost layer = layers[i].Total(choice[i]);
            energy += layer.EnergyPicojoules;
            cycles += layer.Cycles;
        }

        return new Cost(energy, cycles);
    }

    private static IReadOnlyList<MappingCandidate>[] Offers(IReadOnlyList<LayerChoices> layers, IReadOnlyList<MappingCandidate> carried) =>
        [.. layers.Select((layer, i) => (IReadOnlyList<MappingCandidate>)[.. layer.Frontier, .. layer.Experts, .. carried.Skip(i).Take(1)])];

    private static bool Dominates(Cost one, Cost other) =>
        one != other && one.EnergyPicojoules <= other.EnergyPicojoules && one.Cycles <= other.Cycles;

    private static IReadOnlyList<MappingCandidate> AtPrice(IReadOnlyList<MappingCandidate>[] offers, double picojoulesPerCycle) =>
        [.. offers.Select(o => o.MinBy(c => c.Cost.EnergyPicojoules + (picojoulesPerCycle * c.Cost.Cycles))!)];

    /// <summary>Prices of a cycle from nothing to more than any energy, rising.</summary>
    private static IEnumerable<double> Prices(IReadOnlyList<LayerChoices> layers, IReadOnlyList<MappingCandidate>[] offers)
    {
        Cost total = Total(layers, AtPrice(offers, 0));
        double middle = total.EnergyPicojoules / total.Cycles;
        return [0, .. Enumerable.Range(-PriceSteps / 2, PriceSteps).Select(i => middle * Math.Pow(2, i / 2.0)), total.EnergyPicojoules];
    }

    /// <summary>Least sum of cycles on offer.</summary>
    public static long FewestCycles(IReadOnlyList<LayerChoices> layers, IReadOnlyList<MappingCandidate> carried) =>
        Total(layers, Fastest(Offers(layers, carried))).Cycles;

    private static MappingCandidate[] Fastest(IReadOnlyList<MappingCandidate>[] offers) => [.. offers.Select(o => o.MinBy(c => MapObjective.Latency.Of(c.Cost))!)];

    private static IReadOnlyList<MappingCandidate>? UnderBound(IReadOnlyList<LayerChoices> layers, IReadOnlyList<MappingCandidate>[] offers, double mostCycles)
    {
        List<IReadOnlyList<MappingCandidate>> choices = [.. Prices(layers, offers).Select(price => AtPrice(offers, price)), Fastest(offers)];
        return choices.Where(c => Total(layers, c).Cycles <= mostCycles).MinBy(c => Total(layers, c).EnergyPicojoules);
    }

    private static IReadOnlyList<MappingCandidate> Improve(
        IReadOnlyList<LayerChoices> layers, IReadOnlyList<MappingCandidate>[] offers, IReadOnlyList<MappingCandidate> choice)
    {
        Cost total = Total(layers, choice);
        for (int round = 0; round < MostRounds; round++)
        {
            IReadOnlyList<MappingCandidate> next = AtPrice(offers, total.EnergyPicojoules / total.Cycles);
            Cost improved = Total(layers, next);
            if (improved.EnergyDelay >= total.EnergyDelay)
                break;
            (choice, total) = (next, improved);
        }

        return choice;
    }
}
