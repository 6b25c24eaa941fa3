using System.Text.Json;
using InstantNet.Generation.Mapping.Accounting;
using InstantNet.Generation.Mapping.Search;

namespace InstantNet.Generation.Mapping.Timeloop;

/// <summary>Searches layers of which Timeloop's own mapper's best is known, under the same constraints and in the same accounting.</summary>
/// <param name="time">Clock.</param>
public sealed class TimeloopComparison(TimeProvider time)
{
    /// <summary>Compares every layer of a file.</summary>
    /// <param name="path">See <see cref="ComparisonFile"/>; the reference file is an array of layers.</param>
    /// <param name="budget">Of each layer's search.</param>
    /// <param name="seed">Start of the random numbers.</param>
    /// <param name="threads">Of each search, at least 1.</param>
    /// <param name="progress">Told after each layer: how many are done, of how many; may be null.</param>
    /// <param name="cancellation">Ends the work with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="InvalidDataException">The file is not such a document; the text is one sentence with the path of the field.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public ComparisonReport Run(
        string path, SearchBudget budget, long seed, int threads, IProgress<(int Done, int Of)>? progress, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        using JsonDocument document = RowsCheck.Parse(path);
        IReadOnlyList<ComparedLayer> layers;
        try
        {
            layers = ComparisonFile.Read(document.RootElement);
        }
        catch (InvalidDataException fault)
        {
            throw new InvalidDataException($"'{path}': {fault.Message}", fault);
        }

        List<LayerComparison> compared = [];
        foreach (ComparedLayer layer in layers)
        {
            compared.Add(Compare(layer, budget, seed, threads, cancellation));
            progress?.Report((compared.Count, layers.Count));
        }

        return new ComparisonReport(
            seed, threads, Math.Exp(compared.Average(c => Math.Log(c.EdpRatio))), compared.Max(c => c.EdpRatio), compared);
    }

    private LayerComparison Compare(ComparedLayer layer, SearchBudget budget, long seed, int threads, CancellationToken cancellation)
    {
        long started = time.GetTimestamp();
        CostModel model = new(layer.Workload, layer.Architecture, OperandBits.Words, CycleRounding.Timeloop, PhysicalEffects.None);
        SearchSpace space;
        try
        {
            space = new SearchSpace(model, FlowConstraints.None);
        }
        catch (ArgumentException fault)
        {
            throw new InvalidDataException($"Layer '{layer.Layer}' cannot be mapped: {fault.Message}", fault);
        }

        SearchOutcome found = new EvolutionarySearch(space, seed, time: time).Run(budget, [], cancellation, threads);
        Cost ours = found.Best.Cost;
        return new LayerComparison(
            layer.Layer, layer.Architecture.Name, layer.Best, ours, ours.EnergyDelay / layer.Best.EnergyDelay,
            ours.EnergyDelay / LowerBound.Of(model).EnergyDelay, found.Evaluations, time.GetElapsedTime(started).TotalSeconds,
            found.Best.Mapping.ToDataflow(layer.Architecture));
    }
}
