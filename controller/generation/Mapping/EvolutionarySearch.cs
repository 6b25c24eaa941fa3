using System.Runtime.CompilerServices;

namespace InstantNet.Generation.Mapping;

/// <summary>Finds a mapping of one layer with a small energy–delay product: rank, cull, cross, mutate, and start afresh when nothing improves.</summary>
/// <remarks>
/// Follows the paper's evolutionary AutoMapper (Fu et al., DAC 2021) with mappings that are legal by construction, so that every one made is
/// costed. The result depends only on space, seeds, seed and the evaluation budget. One instance serves one thread.
/// </remarks>
public sealed class EvolutionarySearch
{
    private const int Members = 96;
    private const int Survivors = 24;
    private const int TournamentSize = 2;
    private const int PatienceGenerations = 60;

    private readonly SearchSpace _space;
    private readonly MappingVariation _variation;
    private readonly SearchRandom _random;
    private readonly Population _population;
    private readonly CostFrontier _frontier = new();
    private readonly long[] _counts;
    private readonly TimeProvider _time;
    private long _evaluations;

    /// <param name="space">What may be mapped how.</param>
    /// <param name="seed">Start of the random numbers.</param>
    /// <param name="time">Measures a time budget; null is the system's clock.</param>
    public EvolutionarySearch(SearchSpace space, long seed, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(space);
        _space = space;
        _random = new SearchRandom(seed);
        _variation = new MappingVariation(space, _random);
        _population = new Population(Members, space.Levels);
        _counts = new long[space.Model.CountsLength];
        _time = time ?? TimeProvider.System;
    }

    /// <summary>Searches until the budget is spent.</summary>
    /// <param name="budget">When to stop; the seeds are costed in any case.</param>
    /// <param name="seeds">Mappings to start from, legal on the same layer and architecture; the outcome is never worse than any of them.</param>
    /// <param name="cancellation">Ends the search with an <see cref="OperationCanceledException"/>.</param>
    public SearchOutcome Run(SearchBudget budget, IReadOnlyList<EncodedMapping> seeds, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(budget);
        ArgumentNullException.ThrowIfNull(seeds);
        ArgumentOutOfRangeException.ThrowIfLessThan(budget.Evaluations, 1);
        long started = _time.GetTimestamp();
        bool MayGoOn() => _evaluations < budget.Evaluations && (budget.Time is not TimeSpan limit || _time.GetElapsedTime(started) < limit);

        Settle(seeds);
        double best = _frontier.LeastEnergyDelay;
        int idle = 0;
        while (MayGoOn())
        {
            cancellation.ThrowIfCancellationRequested();
            _population.Rank();
            for (int place = Survivors; place < Members; place++)
            {
                Replace(_population.Ranks[place]);
            }

            idle = _frontier.LeastEnergyDelay < best ? 0 : idle + 1;
            best = _frontier.LeastEnergyDelay;
            if (idle >= PatienceGenerations && MayGoOn())
            {
                Restart();
                idle = 0;
            }
        }

        return new SearchOutcome(_frontier.Candidates[0], [.. _frontier.Candidates], _evaluations);
    }

    private void Settle(IReadOnlyList<EncodedMapping> seeds)
    {
        foreach (EncodedMapping seed in seeds)
        {
            _frontier.Offer(_space.Model.Evaluate(seed.View, _counts), seed.View);
            _evaluations++;
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
            MappingCandidate known = _frontier.Candidates[_random.Below(_frontier.Candidates.Count)];
            _population.Copy(known.Mapping.View, 0);
            _population.Scores[0] = known.Cost.EnergyDelay;
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

    private void Score(int member)
    {
        MappingView view = _population.View(member);
        Cost cost = _space.Model.Evaluate(view, _counts);
        _evaluations++;
        _population.Scores[member] = cost.EnergyDelay;
        if (cost.EnergyDelay < 1.5 * _frontier.LeastEnergyDelay)
            _frontier.Offer(cost, view);
    }
}
