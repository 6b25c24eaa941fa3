using InstantNet.Generation.Mapping.Accounting;

namespace InstantNet.Generation.Mapping.Search;

/// <summary>One population that evolves: rank, cull, cross, mutate, and start afresh when nothing improves. One thread at a time.</summary>
/// <remarks>Its course depends only on space, objective, seed and what it is given; never on the clock.</remarks>
internal sealed class Island
{
    private const int Members = 96;
    private const int Survivors = 24;
    private const int TournamentSize = 2;
    private const int PatienceGenerations = 60;

    private readonly SearchSpace _space;
    private readonly MapObjective _objective;
    private readonly MappingVariation _variation;
    private readonly SearchRandom _random;
    private readonly Population _population;
    private readonly long[] _counts;
    private readonly OrderRefinement _refinement;
    private int _idleGenerations;
    private double _best = double.PositiveInfinity;

    public Island(SearchSpace space, MapObjective objective, long seed)
    {
        _space = space;
        _objective = objective;
        _random = new SearchRandom(seed);
        _variation = new MappingVariation(space, _random);
        _population = new Population(Members, space.Levels);
        _counts = new long[space.Model.CountsLength];
        _refinement = new OrderRefinement(space, objective);
        Frontier = new CostFrontier(objective);
    }

    /// <summary>Mappings costed so far.</summary>
    public long Evaluations { get; private set; }

    /// <summary>Value of <see cref="Evaluations"/> when the objective last improved.</summary>
    public long ImprovedAt { get; private set; }

    public CostFrontier Frontier { get; }

    /// <summary>Costs the seeds and fills the population with them and with chance.</summary>
    public void Settle(IReadOnlyList<EncodedMapping> seeds)
    {
        foreach (EncodedMapping seed in seeds)
        {
            Cost(seed.View);
        }

        for (int member = 0; member < Members; member++)
        {
            if (member < seeds.Count && member < Survivors)
                _population.Copy(seeds[member].View, member);
            else
                _variation.Randomize(_population.Bounds(member), _population.Orders(member), _population.Keeps(member));
            Score(member);
        }
    }

    /// <summary>Evolves until the generations or the evaluations are spent, whichever comes first; ends with a whole generation.</summary>
    public void Advance(int generations, long mostEvaluations)
    {
        for (int i = 0; i < generations && Evaluations < mostEvaluations; i++)
        {
            _population.Rank();
            for (int place = Survivors; place < Members; place++)
            {
                Replace(_population.Ranks[place]);
            }

            _idleGenerations = Frontier.Best < _best ? 0 : _idleGenerations + 1;
            if (_idleGenerations == 0)
                RefineBest();
            _best = Frontier.Best;
            if (_idleGenerations >= PatienceGenerations && Evaluations < mostEvaluations)
            {
                Restart();
                _idleGenerations = 0;
            }
        }
    }

    /// <summary>Takes in a mapping from another island in place of the worst member.</summary>
    public void Welcome(MappingCandidate guest)
    {
        _population.Rank();
        int worst = _population.Ranks[Members - 1];
        _population.Copy(guest.Mapping.View, worst);
        _population.Scores[worst] = _objective.Of(guest.Cost);
        Frontier.Offer(guest.Cost, guest.Mapping.View);
    }

    private void RefineBest()
    {
        EncodedMapping mapping = EncodedMapping.Copy(Frontier.Candidates[0].Mapping.View);
        long evaluations = Evaluations;
        Cost cost = _refinement.Improve(mapping, ref evaluations);
        Evaluations = evaluations;
        if (_objective.Of(cost) < Frontier.Best)
        {
            ImprovedAt = Evaluations;
            Welcome(new MappingCandidate(mapping, cost));
        }
    }

    /// <summary>Random newcomers beside one known good mapping; every second time without it, to look elsewhere.</summary>
    private void Restart()
    {
        for (int member = 0; member < Members; member++)
        {
            _variation.Randomize(_population.Bounds(member), _population.Orders(member), _population.Keeps(member));
            Score(member);
        }

        if (_random.Below(2) == 0)
        {
            MappingCandidate known = Frontier.Candidates[_random.Below(Frontier.Candidates.Count)];
            _population.Copy(known.Mapping.View, 0);
            _population.Scores[0] = _objective.Of(known.Cost);
        }
    }

    private void Replace(int member)
    {
        int mother = Winner();
        Span<int> bounds = _population.Bounds(member);
        Span<byte> orders = _population.Orders(member), keeps = _population.Keeps(member);
        if (_random.Below(2) == 0)
            _variation.Cross(_population.View(mother), _population.View(Winner()), bounds, orders, keeps);
        else
            _population.Copy(_population.View(mother), member);
        _variation.Mutate(bounds, orders, keeps);
        Score(member);
    }

    private int Winner()
    {
        int place = Survivors;
        for (int i = 0; i < TournamentSize; i++)
        {
            place = Math.Min(place, _random.Below(Survivors));
        }

        return _population.Ranks[place];
    }

    private void Score(int member) => _population.Scores[member] = _objective.Of(Cost(_population.View(member)));

    private Cost Cost(MappingView mapping)
    {
        Cost cost = _space.Model.Evaluate(mapping, _counts);
        Evaluations++;
        double before = Frontier.Best;
        if (Frontier.MayHold(cost))
            Frontier.Offer(cost, mapping);
        if (Frontier.Best < before)
            ImprovedAt = Evaluations;
        return cost;
    }
}
