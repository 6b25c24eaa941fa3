using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Accounting;
using InstantNet.Generation.Mapping.Search;

namespace InstantNet.Bench.Mapper;

/// <summary>One layer with ready-made random mappings. One thread.</summary>
internal sealed class LayerMappings
{
    private const int Mappings = 512;
    private const int SearchedMappings = 4096;

    private readonly SearchSpace _space;
    private readonly EncodedMapping[] _mappings = new EncodedMapping[Mappings];
    private readonly CostState[] _states = new CostState[Mappings];
    private readonly long[] _counts;
    private double _sum;

    public LayerMappings(Workload workload, Architecture architecture)
    {
        Workload = workload;
        CostModel model = new(workload, architecture, OperandBits.Words, CycleRounding.Timeloop, PhysicalEffects.None);
        _space = new SearchSpace(model, FlowConstraints.None);
        _counts = new long[model.CountsLength];
        MappingVariation variation = new(_space, new SearchRandom(1));
        for (int i = 0; i < Mappings; i++)
        {
            EncodedMapping mapping = new(_space.Levels);
            variation.Randomize(mapping.Bounds, mapping.Orders, mapping.Keeps);
            _mappings[i] = mapping;
            _states[i] = new CostState();
            model.Evaluate(mapping.View, _counts, _states[i]);
        }
    }

    public Workload Workload { get; }

    /// <summary>Costs every mapping.</summary>
    /// <returns>How many.</returns>
    public long Cost()
    {
        foreach (EncodedMapping mapping in _mappings)
        {
            _sum += _space.Model.Evaluate(mapping.View, _counts).EnergyPicojoules;
        }

        return Mappings;
    }

    /// <summary>Exchanges the two innermost loops of the buffer's level in every mapping and costs it anew.</summary>
    public long Reorder()
    {
        for (int i = 0; i < Mappings; i++)
        {
            byte[] orders = _mappings[i].Orders;
            (orders[MappingView.Width], orders[MappingView.Width + 1]) = (orders[MappingView.Width + 1], orders[MappingView.Width]);
            _sum += _space.Model.Reorder(_mappings[i].View, _counts, _states[i], level: 1).EnergyPicojoules;
        }

        return Mappings;
    }

    /// <summary>Searches with a small budget.</summary>
    public long Search() => new EvolutionarySearch(_space, 1).Run(new SearchBudget(SearchedMappings), [], CancellationToken.None).Evaluations;
}
