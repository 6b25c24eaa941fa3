using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Accounting;
using InstantNet.Generation.Mapping.Search;

namespace InstantNet.Tests.Unit.Generation.Mapping.Search;

public class SearchOptionsTests
{
    private static readonly SearchSpace Space = SomeMapping.Space(SomeMapping.Convolution, SomeMapping.Edge.Architecture);

    private static SearchOutcome Search(SearchBudget budget, MapObjective objective = MapObjective.EnergyDelay, int threads = 1) =>
        new EvolutionarySearch(Space, 7, objective).Run(budget, [], CancellationToken.None, threads);

    [Fact]
    public void Islands_find_the_same_on_one_thread_and_on_four()
    {
        // Enough evaluations for all four islands.
        SearchOutcome one = Search(new SearchBudget(210_000), threads: 1), four = Search(new SearchBudget(210_000), threads: 4);

        Assert.Equal(one.Evaluations, four.Evaluations);
        Assert.Equal(one.Frontier.Select(c => c.Cost), four.Frontier.Select(c => c.Cost));
        Assert.Equal(one.Best.Mapping.Bounds, four.Best.Mapping.Bounds);
        Assert.Equal(one.Best.Mapping.Orders, four.Best.Mapping.Orders);
    }

    [Fact]
    public void Each_objective_is_at_its_least_when_it_is_asked_for()
    {
        SearchBudget budget = new(20_000);
        Cost product = Search(budget).Best.Cost, energy = Search(budget, MapObjective.Energy).Best.Cost, latency = Search(budget, MapObjective.Latency).Best.Cost;

        Assert.True(product.EnergyDelay <= Math.Min(energy.EnergyDelay, latency.EnergyDelay));
        Assert.True(energy.EnergyPicojoules <= Math.Min(product.EnergyPicojoules, latency.EnergyPicojoules));
        Assert.True(latency.Cycles <= Math.Min(product.Cycles, energy.Cycles));
    }

    [Fact]
    public void A_search_without_progress_gives_up_before_its_budget_is_spent()
    {
        SearchOutcome outcome = Search(new SearchBudget(10_000_000, IdleEvaluations: 20_000));

        Assert.InRange(outcome.Evaluations, 20_000, 5_000_000);
    }

    [Fact]
    public void A_search_ends_when_its_time_is_over()
    {
        ManualTimeProvider time = new();
        SearchOutcome outcome = new EvolutionarySearch(Space, 7, time: time).Run(
            new SearchBudget(long.MaxValue, TimeSpan.FromTicks(3)), [], CancellationToken.None);

        // The clock moves by one tick a look: a few rounds on each of the islands.
        Assert.InRange(outcome.Evaluations, 1, 200_000);
    }

    [Fact]
    public void No_budget_at_all_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => Search(new SearchBudget(0)));

    [Fact]
    public void Costing_a_reordered_level_anew_gives_what_costing_everything_gives()
    {
        foreach (PhysicalEffects effects in (PhysicalEffects[])[PhysicalEffects.None, PhysicalEffects.Physical])
        {
            foreach (Workload workload in SomeMapping.Layers)
            {
                CostModel model = new(workload, SomeMapping.Eyeriss.Architecture, SomeMapping.Eyeriss.WidthsFor(8, 8, 8), effects: effects);
                CostState state = new();
                SearchRandom random = new(5);
                foreach (EncodedMapping mapping in SomeMapping.Random(new SearchSpace(model, FlowConstraints.None), 20, seed: 5))
                {
                    long[] counts = new long[model.CountsLength], whole = new long[model.CountsLength];
                    model.Evaluate(mapping.View, counts, state);
                    for (int change = 0; change < 6; change++)
                    {
                        int level = random.Below(3), one = random.Below(7), other = random.Below(7);
                        (mapping.Orders[(level * 8) + one], mapping.Orders[(level * 8) + other]) = (mapping.Orders[(level * 8) + other], mapping.Orders[(level * 8) + one]);
                        Assert.Equal(model.Evaluate(mapping.View, whole), model.Reorder(mapping.View, counts, state, level));
                        Assert.Equal(whole, counts);
                    }
                }
            }
        }
    }

    [Fact]
    public void Refining_orders_never_makes_a_mapping_worse_and_leaves_its_tiles()
    {
        OrderRefinement refinement = new(Space, MapObjective.EnergyDelay);
        foreach (EncodedMapping mapping in SomeMapping.Random(Space, 50, seed: 12))
        {
            Cost before = SomeMapping.Evaluate(Space.Model, mapping).Cost;
            int[] bounds = [.. mapping.Bounds];
            long evaluations = 0;

            Cost after = refinement.Improve(mapping, ref evaluations);

            Assert.True(after.EnergyDelay <= before.EnergyDelay);
            Assert.Equal(SomeMapping.Evaluate(Space.Model, mapping).Cost, after);
            Assert.Equal(bounds, mapping.Bounds);
            Assert.True(evaluations > 1);
        }
    }

    /// <summary>A clock that moves by one tick whenever somebody looks.</summary>
    private sealed class ManualTimeProvider : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => ++_ticks;
    }
}
