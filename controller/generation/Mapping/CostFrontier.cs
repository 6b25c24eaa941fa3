namespace InstantNet.Generation.Mapping;

/// <summary>Collects mappings that trade energy against cycles near the least energy–delay product. One thread.</summary>
/// <remarks>A network's product is of sums, so that its best choice per layer need not be each layer's own best.</remarks>
internal sealed class CostFrontier
{
    private const int Capacity = 24;

    // A mapping worse than this never helps the sum: the other layers would have to be lopsided beyond what one layer can mend.
    private const double Reach = 1.5;

    private readonly List<MappingCandidate> _candidates = new(Capacity + 1);

    public double LeastEnergyDelay { get; private set; } = double.PositiveInfinity;

    /// <summary>Best energy–delay product first.</summary>
    public IReadOnlyList<MappingCandidate> Candidates => _candidates;

    /// <summary>Copies the mapping if it belongs to the frontier.</summary>
    public void Offer(Cost cost, MappingView mapping)
    {
        double product = cost.EnergyDelay;
        if (product > Reach * LeastEnergyDelay)
            return;
        foreach (MappingCandidate other in _candidates)
        {
            if (other.Cost.EnergyPicojoules <= cost.EnergyPicojoules && other.Cost.Cycles <= cost.Cycles)
                return;
        }

        EncodedMapping copy = new(mapping.Keeps.Length);
        mapping.Bounds.CopyTo(copy.Bounds);
        mapping.Orders.CopyTo(copy.Orders);
        mapping.Keeps.CopyTo(copy.Keeps);
        LeastEnergyDelay = Math.Min(LeastEnergyDelay, product);
        _candidates.RemoveAll(c => cost.EnergyPicojoules <= c.Cost.EnergyPicojoules && cost.Cycles <= c.Cost.Cycles);
        int place = _candidates.FindIndex(c => c.Cost.EnergyDelay > product);
        _candidates.Insert(place < 0 ? _candidates.Count : place, new MappingCandidate(copy, cost));
        _candidates.RemoveAll(c => c.Cost.EnergyDelay > Reach * LeastEnergyDelay);
        if (_candidates.Count > Capacity)
            _candidates.RemoveAt(Capacity);
    }
}
