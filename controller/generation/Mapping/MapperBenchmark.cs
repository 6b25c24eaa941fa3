using InstantNet.Contracts;
using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Mapping;

/// <summary>How fast one core costs mappings.</summary>
/// <param name="CostedPerSecond">Evaluations of ready-made random mappings.</param>
/// <param name="SearchedPerSecond">Mappings made, repaired, costed and ranked by the search.</param>
public sealed record MapperSpeed(double CostedPerSecond, double SearchedPerSecond);

/// <summary>Measures the mapper on a 3x3 convolution of ResNet-18 on a given accelerator, on the calling thread.</summary>
public static class MapperBenchmark
{
    private const int Mappings = 1024;
    private static readonly Workload Layer = new(new LoopBounds(1, 64, 64, 56, 56, 3, 3));

    /// <param name="accelerator">What to map on.</param>
    /// <param name="each">How long each of the two measurements lasts, after a warm-up as long.</param>
    /// <param name="time">Clock.</param>
    public static MapperSpeed Run(Accelerator accelerator, TimeSpan each, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(accelerator);
        ArgumentNullException.ThrowIfNull(time);
        SearchSpace space = new(new CostModel(Layer, accelerator.Architecture, accelerator.WidthsFor(8, 8, 8)), FlowConstraints.None);
        Cost(space, each, time);
        double costed = Cost(space, each, time);
        Search(space, each, time);
        return new MapperSpeed(costed, Search(space, each, time));
    }

    private static double Cost(SearchSpace space, TimeSpan span, TimeProvider time)
    {
        Population population = new(Mappings, space.Levels);
        MappingVariation variation = new(space, new SearchRandom(1));
        for (int i = 0; i < Mappings; i++)
        {
            variation.Randomize(population.Bounds(i), population.Orders(i), population.Keeps(i));
        }

        long[] counts = new long[space.Model.CountsLength];
        long evaluations = 0, started = time.GetTimestamp();
        while (time.GetElapsedTime(started) < span)
        {
            for (int i = 0; i < Mappings; i++)
            {
                population.Scores[i] = space.Model.Evaluate(population.View(i), counts).EnergyDelay;
            }

            evaluations += Mappings;
        }

        return evaluations / time.GetElapsedTime(started).TotalSeconds;
    }

    private static double Search(SearchSpace space, TimeSpan span, TimeProvider time)
    {
        long started = time.GetTimestamp();
        SearchOutcome outcome = new EvolutionarySearch(space, seed: 1, time: time).Run(new SearchBudget(long.MaxValue, span), [], CancellationToken.None);
        return outcome.Evaluations / time.GetElapsedTime(started).TotalSeconds;
    }
}
