using InstantNet.Contracts;

namespace InstantNet.Generation.Mapping;

/// <summary>Maps one distinct layer at every precision, the highest first. Any number may run side by side.</summary>
internal sealed class LayerSearch(Workload workload, Architecture architecture, IReadOnlyList<FlowConstraints> flows, MapOptions options)
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
            LayerChoices? higher = choices.LastOrDefault();
            MappingCandidate[] experts = [.. flows.Select((flow, i) => new EvolutionarySearch(new SearchSpace(model, flow), options.Seed ^ ExpertStream)
                .Run(budget, higher is null ? [] : [higher.Experts[i].Mapping], cancellation).Best)];
            SearchOutcome searched = new EvolutionarySearch(new SearchSpace(model, FlowConstraints.None), options.Seed)
                .Run(budget, [.. experts.Select(e => e.Mapping), .. higher?.Frontier.Select(c => c.Mapping) ?? []], cancellation);
            choices.Add(new LayerChoices(model, experts, searched.Frontier));
        }

        return choices;
    }
}
