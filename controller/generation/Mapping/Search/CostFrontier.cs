using InstantNet.Generation.Mapping.Accounting;

namespace InstantNet.Generation.Mapping.Search;

/// <summary>Collects mappings that trade energy against cycles near the best one. One thread.</summary>
/// <remarks>A network's product is of sums, so that its best choice per layer need not be each layer's own best.</remarks>
internal sealed class CostFrontier(MapObjective objective)
{
    private const int Capacity = 24;

    // A mapping worse than this never helps the sum: the other layers would have to be lopsided beyond what one layer can mend.
    private const double Reach = 1.5;

    private readonly List<MappingCandidate> _candidates = new(Capacity + 1);
    private double _leastEnergyDelay = double.PositiveInfinity;
    private double _leastEnergy = double.PositiveInfinity;
    private long _fewestCycles = long.MaxValue;

    /// <summary>Least value of the objective.</summary>
    public double Best { get; private set; } = double.PositiveInfinity;

    /// <summary>Best first.</summary>
    public IReadOnlyList<MappingCandidate> Candidates => _candidates;

    /// <summary>False when a cost certainly does not belong to the frontier.</summary>
    public bool MayHold(Cost cost) =>
        cost.EnergyDelay < Reach * _leastEnergyDelay || cost.EnergyPicojoules < _leastEnergy || cost.Cycles < _fewestCycles;

    /// <summary>Copies the mapping if it belongs to the frontier.</summary>
    public void Offer(Cost cost, MappingView mapping)
    {
        if (Belongs(cost))
            Add(new MappingCandidate(EncodedMapping.Copy(mapping), cost));
    }

    /// <summary>Takes the candidates that belong to the frontier.</summary>
    public void Offer(IReadOnlyList<MappingCandidate> candidates)
    {
        foreach (MappingCandidate candidate in candidates)
        {
            if (Belongs(candidate.Cost))
                Add(candidate);
        }
    }

    private bool Belongs(Cost cost)
    {
        if (!MayHold(cost))
            return false;
        foreach (MappingCandidate other in _candidates)
        {
            if (other.Cost.EnergyPicojoules <= cost.EnergyPicojoules && other.Cost.Cycles <= cost.Cycles)
                return false;
        }

        return true;
    }

    private void Add(MappingCandidate candidate)
    {
        Cost cost = candidate.Cost;
        double value = objective.Of(cost);
        _leastEnergyDelay = Math.Min(_leastEnergyDelay, cost.EnergyDelay);
        _leastEnergy = Math.Min(_leastEnergy, cost.EnergyPicojoules);
        _fewestCycles = Math.Min(_fewestCycles, cost.Cycles);
        Best = Math.Min(Best, value);
        _candidates.RemoveAll(c => cost.EnergyPicojoules <= c.Cost.EnergyPicojoules && cost.Cycles <= c.Cost.Cycles);
        int place = _candidates.FindIndex(c => objective.Of(c.Cost) > value);
        _candidates.Insert(place < 0 ? _candidates.Count : place, candidate);
        _candidates.RemoveAll(c => !MayStay(c.Cost));
        while (_candidates.Count > Capacity)
        {
            _candidates.RemoveAt(_candidates.FindLastIndex(c => !IsExtreme(c.Cost)));
        }
    }

    private bool MayStay(Cost cost) => cost.EnergyDelay <= Reach * _leastEnergyDelay || IsExtreme(cost);

    private bool IsExtreme(Cost cost) => cost.EnergyPicojoules <= _leastEnergy || cost.Cycles <= _fewestCycles;
}
