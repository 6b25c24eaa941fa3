namespace InstantNet.Generation.Mapping;

/// <summary>Chooses one mapping per layer so that the energy–delay product of the whole network is small. Pure.</summary>
/// <remarks>
/// From a choice with energy E and delay T, taking in each layer the least e + (E/T)·t never raises E·T: the new sums satisfy
/// E' + (E/T)·T' ≤ 2E, and the product of two numbers of bounded sum is largest when they are equal. So the result is never worse
/// than any start, and one of the starts is the expert's.
/// </remarks>
internal static class NetworkSelection
{
    private const int MostRounds = 32;

    /// <param name="layers">What each layer offers.</param>
    /// <param name="carried">Per layer the choice of the next higher precision at this one's cost; empty at the highest.</param>
    public static IReadOnlyList<MappingCandidate> Choose(IReadOnlyList<LayerChoices> layers, IReadOnlyList<MappingCandidate> carried)
    {
        IReadOnlyList<MappingCandidate>[] offers =
            [.. layers.Select((layer, i) => (IReadOnlyList<MappingCandidate>)[.. layer.Frontier, .. layer.Experts, .. carried.Skip(i).Take(1)])];
        List<IReadOnlyList<MappingCandidate>> starts =
            [[.. layers.Select(l => l.Frontier[0])], .. Enumerable.Range(0, layers[0].Experts.Count).Select(e => layers.Select(l => l.Experts[e]).ToArray())];
        if (carried.Count > 0)
            starts.Add(carried);
        return starts.Select(start => Improve(layers, offers, start)).MinBy(choice => Total(layers, choice).EnergyDelay)!;
    }

    /// <summary>Sum over the layers, all groups.</summary>
    public static Cost Total(IReadOnlyList<LayerChoices> layers, IReadOnlyList<MappingCandidate> choice)
    {
        double energy = 0;
        long cycles = 0;
        for (int i = 0; i < layers.Count; i++)
        {
            energy += choice[i].Cost.EnergyPicojoules * layers[i].Groups;
            cycles += choice[i].Cost.Cycles * layers[i].Groups;
        }

        return new Cost(energy, cycles);
    }

    private static IReadOnlyList<MappingCandidate> Improve(
        IReadOnlyList<LayerChoices> layers, IReadOnlyList<MappingCandidate>[] offers, IReadOnlyList<MappingCandidate> choice)
    {
        Cost total = Total(layers, choice);
        for (int round = 0; round < MostRounds; round++)
        {
            double price = total.EnergyPicojoules / total.Cycles;
            MappingCandidate[] next = [.. offers.Select(o => o.MinBy(c => c.Cost.EnergyPicojoules + (price * c.Cost.Cycles))!)];
            Cost improved = Total(layers, next);
            if (improved.EnergyDelay >= total.EnergyDelay)
                break;
            (choice, total) = (next, improved);
        }

        return choice;
    }
}
