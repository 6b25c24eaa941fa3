namespace InstantNet.Generation.Mapping.Search;

/// <summary>Finds a good mapping of one layer: populations on several islands evolve side by side and exchange their best.</summary>
/// <remarks>
/// Follows the paper's evolutionary AutoMapper (Fu et al., DAC 2021) with mappings that are legal by construction, so that every one made is
/// costed. The result depends on space, objective, seeds, seed and budget, never on the number of threads. One instance is used once.
/// </remarks>
public sealed class EvolutionarySearch
{
    private const int MostIslands = 4;
    private const long EvaluationsWorthAnIsland = 50_000;
    private const int GenerationsBetweenVisits = 64;

    private readonly SearchSpace _space;
    private readonly long _seed;
    private readonly MapObjective _objective;
    private readonly TimeProvider _time;

    /// <param name="space">What may be mapped how.</param>
    /// <param name="seed">Start of the random numbers.</param>
    /// <param name="objective">What to make small.</param>
    /// <param name="time">Measures a time budget; null is the system's clock.</param>
    public EvolutionarySearch(SearchSpace space, long seed, MapObjective objective = MapObjective.EnergyDelay, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(space);
        _space = space;
        _seed = seed;
        _objective = objective;
        _time = time ?? TimeProvider.System;
    }

    /// <summary>Searches until the budget is spent.</summary>
    /// <param name="budget">When to stop; the seeds are costed in any case.</param>
    /// <param name="seeds">Mappings to start from, legal on the same layer and architecture; the outcome is never worse than any of them.</param>
    /// <param name="cancellation">Ends the search with an <see cref="OperationCanceledException"/>.</param>
    /// <param name="threads">Islands that evolve side by side.</param>
    public SearchOutcome Run(SearchBudget budget, IReadOnlyList<EncodedMapping> seeds, CancellationToken cancellation, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(budget);
        ArgumentNullException.ThrowIfNull(seeds);
        ArgumentOutOfRangeException.ThrowIfLessThan(budget.Evaluations, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        long started = _time.GetTimestamp();
        int count = (int)Math.Clamp(budget.Evaluations / EvaluationsWorthAnIsland, 1, MostIslands);
        Island[] islands = [.. Enumerable.Range(0, count).Select(i => new Island(_space, _objective, _seed + (i * (1L << 32))))];
        long share = budget.Evaluations / count;
        ForEach(islands, threads, island => island.Settle(seeds));
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (islands.All(i => i.Evaluations >= share) || (budget.Time is TimeSpan limit && _time.GetElapsedTime(started) >= limit))
                break;
            if (islands.Sum(i => i.Evaluations - i.ImprovedAt) >= budget.IdleEvaluations)
                break;
            ForEach(islands, threads, island => island.Advance(GenerationsBetweenVisits, share));
            Exchange(islands);
        }

        CostFrontier all = islands[0].Frontier;
        all.Offer([.. islands[1..].SelectMany(i => i.Frontier.Candidates)]);

        return new SearchOutcome(all.Candidates[0], [.. all.Candidates], islands.Sum(i => i.Evaluations));
    }

    private static void ForEach(Island[] islands, int threads, Action<Island> work)
    {
        if (threads == 1 || islands.Length == 1)
        {
            Array.ForEach(islands, work);
            return;
        }

        Parallel.ForEach(islands, new ParallelOptions { MaxDegreeOfParallelism = threads }, work);
    }

    /// <summary>Each island's best travels to the next one.</summary>
    private static void Exchange(Island[] islands)
    {
        if (islands.Length == 1)
            return;
        MappingCandidate[] travellers = [.. islands.Select(i => i.Frontier.Candidates[0])];
        for (int i = 0; i < islands.Length; i++)
        {
            islands[(i + 1) % islands.Length].Welcome(travellers[i]);
        }
    }
}
