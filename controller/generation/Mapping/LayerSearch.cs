using InstantNet.Contracts;

namespace InstantNet.Generation.Mapping;

/// <summary>Maps one distinct layer at every precision, the highest first. Any number may run side by side.</summary>
internal sealed class LayerSearch(Workload workload, Architecture architecture, MapOptions options)
{
    private const long ExpertStream = 0x5DEECE66D;

    /// <param name="bits">Per precision, highest first.</param>
    /// <param name="cancellation">Ends it with an <see cref="OperationCanceledException"/>.</param>
    public IReadOnlyList<LayerChoices> Run(IReadOnlyList<OperandBits> bits, CancellationToken cancellation)
    {
        SearchBudget budget = new(options.EvaluationsPerLayer);
        List<LayerChoices> choices = [];
        foreach (OperandBits widths in bits)
        {
            if (choices.LastOrDefault(c => c.Model.Bits == widths) is LayerChoices same)
            {
                choices.Add(same);
                continue;
            }

            // Fewer bits fill less memory, so that what was legal and good at more bits still is; it is where the next search starts.
            CostModel model = new(workload, architecture, widths);
            EncodedMapping[] expertSeeds = choices.Count == 0 ? [] : [choices[^1].Expert.Mapping];
            EncodedMapping[] frontier = choices.Count == 0 ? [] : [.. choices[^1].Frontier.Select(c => c.Mapping)];
            MappingCandidate expert = new EvolutionarySearch(new SearchSpace(model, RowStationary.On(architecture)), options.Seed ^ ExpertStream)
                .Run(budget, expertSeeds, cancellation).Best;
            SearchOutcome searched = new EvolutionarySearch(new SearchSpace(model, FlowConstraints.None), options.Seed)
                .Run(budget, [expert.Mapping, .. frontier], cancellation);
            choices.Add(new LayerChoices(model, expert, searched.Frontier));
        }

        return choices;
    }
}
