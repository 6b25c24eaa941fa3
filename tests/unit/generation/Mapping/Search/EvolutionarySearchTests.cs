using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Devices;
using InstantNet.Generation.Mapping.Experts;
using InstantNet.Generation.Mapping.Search;

namespace InstantNet.Tests.Unit.Generation.Mapping.Search;

public class EvolutionarySearchTests
{
    private static SearchOutcome Search(SearchSpace space, long evaluations, long seed, params EncodedMapping[] seeds) =>
        new EvolutionarySearch(space, seed).Run(new SearchBudget(evaluations), seeds, CancellationToken.None);

    [Fact]
    public void Everything_that_chance_makes_is_legal()
    {
        foreach (Accelerator accelerator in (Accelerator[])[SomeMapping.Eyeriss, SomeMapping.Edge])
        {
            foreach (Workload workload in SomeMapping.Layers)
            {
                foreach (FlowConstraints constraints in (FlowConstraints[])[FlowConstraints.None, RowStationary.On(accelerator.Architecture)])
                {
                    SearchSpace space = SomeMapping.Space(workload, accelerator.Architecture, constraints, accelerator.WidthsFor(16, 16, 16));
                    MappingVariation variation = new(space, new SearchRandom(11));
                    EncodedMapping[] parents = [.. SomeMapping.Random(space, 50, seed: 2)];
                    EncodedMapping child = new(space.Levels);
                    for (int i = 1; i < parents.Length; i++)
                    {
                        variation.Cross(parents[i - 1].View, parents[i].View, child.Bounds, child.Orders, child.Keeps);
                        variation.Mutate(child.Bounds, child.Orders, child.Keeps);
                        Assert.True(space.IsLegal(child.View) && space.IsLegal(parents[i].View), LoopNestText.Of(child.ToDataflow(accelerator.Architecture)));
                    }
                }
            }
        }
    }

    [Fact]
    public void The_same_seed_finds_the_same_mapping_and_another_seed_need_not()
    {
        SearchSpace space = SomeMapping.Space(SomeMapping.Convolution, SomeMapping.Eyeriss.Architecture);

        SearchOutcome first = Search(space, 3000, seed: 4), again = Search(space, 3000, seed: 4);

        Assert.Equal(first.Best.Cost, again.Best.Cost);
        Assert.Equal(first.Best.Mapping.Bounds, again.Best.Mapping.Bounds);
        Assert.Equal(first.Best.Mapping.Orders, again.Best.Mapping.Orders);
        Assert.Equal(first.Evaluations, again.Evaluations);
        Assert.Contains(Enumerable.Range(5, 5), s => !Search(space, 3000, s).Best.Mapping.Bounds.SequenceEqual(first.Best.Mapping.Bounds));
    }

    [Fact]
    public void Two_thousand_searched_mappings_are_as_good_as_two_hundred_thousand_random_ones()
    {
        SearchSpace space = SomeMapping.Space(new Workload(new LoopBounds(1, 2, 2, 2, 1, 3, 1)), SomeMapping.Edge.Architecture);
        double least = SomeMapping.Random(space, 200_000, seed: 9).Min(m => SomeMapping.Evaluate(space.Model, m).Cost.EnergyDelay);

        Assert.True(Search(space, 2000, seed: 1).Best.Cost.EnergyDelay <= least);
    }

    [Fact]
    public void The_outcome_is_never_worse_than_a_seed()
    {
        SearchSpace space = SomeMapping.Space(SomeMapping.Convolution, SomeMapping.Eyeriss.Architecture);
        MappingCandidate good = Search(space, 20_000, seed: 1).Best;

        SearchOutcome outcome = Search(space, 1, seed: 2, good.Mapping);

        Assert.True(outcome.Best.Cost.EnergyDelay <= good.Cost.EnergyDelay);
    }

    [Fact]
    public void No_mapping_of_the_frontier_is_both_hungrier_and_slower_than_another()
    {
        SearchSpace space = SomeMapping.Space(SomeMapping.Strided, SomeMapping.Edge.Architecture);

        IReadOnlyList<MappingCandidate> frontier = Search(space, 20_000, seed: 6).Frontier;

        Assert.Equal(frontier.Min(c => c.Cost.EnergyDelay), frontier[0].Cost.EnergyDelay);
        Assert.All(frontier, one => Assert.DoesNotContain(frontier, other =>
            other != one && other.Cost.EnergyPicojoules <= one.Cost.EnergyPicojoules && other.Cost.Cycles <= one.Cost.Cycles));
    }

    [Fact]
    public void A_cancelled_search_ends()
    {
        SearchSpace space = SomeMapping.Space(SomeMapping.Convolution, SomeMapping.Eyeriss.Architecture);
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();

        Assert.Throws<OperationCanceledException>(
            () => new EvolutionarySearch(space, 1).Run(new SearchBudget(long.MaxValue), [], cancelled.Token));
    }

    [Fact]
    public void A_layer_of_one_multiplication_can_be_searched()
    {
        SearchSpace space = SomeMapping.Space(new Workload(new LoopBounds(1, 1, 1, 1, 1, 1, 1)), SomeMapping.Eyeriss.Architecture);

        Assert.True(Search(space, 500, seed: 1).Best.Cost.Cycles >= 1);
    }

    [Fact]
    public void A_level_too_small_for_one_word_of_each_tensor_is_refused()
    {
        Architecture tiny = new(
            "tiny",
            [new MemoryLevel { Name = "Latch", CapacityWords = 2 }, new MemoryLevel { Name = "DRAM" }],
            new MacArray { Columns = 1, Rows = 1, PicojoulesPerMac = 1 });

        ArgumentException fault = Assert.Throws<ArgumentException>(() => SomeMapping.Space(SomeMapping.Classifier, tiny));

        Assert.Contains("'Latch'", fault.Message, StringComparison.Ordinal);
    }
}
