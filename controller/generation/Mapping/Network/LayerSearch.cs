using InstantNet.Generation.Mapping.Accounting;
using InstantNet.Generation.Mapping.Search;

namespace InstantNet.Generation.Mapping.Network;

/// <summary>Maps one distinct layer at every precision, the highest first. Any number may run side by side.</summary>
/// <param name="workload">The layer.</param>
/// <param name="architecture">The engine.</param>
/// <param name="flows">Expert flows, each a list of templates of which the best counts.</param>
/// <param name="space">What the free search may do.</param>
/// <param name="options">Seed, budgets, objective.</param>
internal sealed class LayerSearch(
    Workload workload, Architecture architecture, IReadOnlyList<IReadOnlyList<FlowConstraints>> flows, FlowConstraints space, MapOptions options)
{
    private const long ExpertStream = 0x5DEECE66D;
    private const int PaddingRounds = 3;
    private const int PaddingShare = 20;

    /// <param name="bits">Per precision, highest first.</param>
    /// <param name="cancellation">Ends it with an <see cref="OperationCanceledException"/>.</param>
    public IReadOnlyList<LayerChoices> Run(IReadOnlyList<OperandBits> bits, CancellationToken cancellation)
    {
        List<LayerChoices> choices = [];
        foreach (OperandBits widths in bits)
        {
            LayerChoices? higher = choices.LastOrDefault();
            choices.Add(higher is not null && higher.Model.Bits == widths ? higher : Search(widths, higher, cancellation));
        }

        return choices;
    }

    // Fewer bits fill less memory, so that what was legal and good at more bits still is; it is where the next search starts.
    private LayerChoices Search(OperandBits widths, LayerChoices? higher, CancellationToken cancellation)
    {
        CostModel model = ModelOf(workload, widths);
        MappingCandidate[] experts = [.. flows.Select((templates, i) => Expert(model, templates, higher?.Experts[i], cancellation))];
        MappingCandidate[] known = [.. experts, .. higher?.Frontier ?? []];
        EncodedMapping[] seeds = [.. known.Where(c => c.Padded is null).Select(c => c.Mapping)];
        CostFrontier frontier = new(options.Objective);
        foreach (MapObjective objective in Objectives())
        {
            frontier.Offer(Evolve(model, space, objective, options.EvaluationsPerLayer, seeds, cancellation).Frontier);
        }

        LayerChoices exact = new(model, experts, frontier.Candidates);
        return options.MayPad ? Pad(exact, [.. known.Where(c => c.Padded is not null)], cancellation) : exact;
    }

    // A bound on time needs mappings at both ends of the trade-off, not only those of least energy.
    private MapObjective[] Objectives() =>
        options.LatencyBoundMilliseconds is null ? [options.Objective] : [MapObjective.Energy, MapObjective.EnergyDelay, MapObjective.Latency];

    private MappingCandidate Expert(CostModel model, IReadOnlyList<FlowConstraints> templates, MappingCandidate? higher, CancellationToken cancellation)
    {
        List<MappingCandidate> best = [];
        long share = Math.Max(1, options.EvaluationsPerLayer / templates.Count);
        foreach (FlowConstraints template in templates)
        {
            EncodedMapping[] seeds = higher is not null && templates.Count == 1 ? [higher.Mapping] : [];
            best.Add(Evolve(model, template, options.Objective, share, seeds, cancellation, ExpertStream).Best);
        }

        if (higher is not null)
            best.Add(higher with { Cost = model.Evaluate(higher.Mapping.View, new long[model.CountsLength]) });
        return best.MinBy(c => options.Objective.Of(c.Cost))!;
    }

    private SearchOutcome Evolve(
        CostModel model, FlowConstraints flow, MapObjective objective, long evaluations, IReadOnlyList<EncodedMapping> seeds, CancellationToken cancellation,
        long stream = 0) =>
        new EvolutionarySearch(new SearchSpace(model, flow), options.Seed ^ stream, objective)
            .Run(options.BudgetOf(Math.Max(1, evaluations)), seeds, cancellation);

    /// <summary>Walks from bound to better bound with short searches, then spends a whole budget on what it came to.</summary>
    private LayerChoices Pad(LayerChoices exact, IReadOnlyList<MappingCandidate> known, CancellationToken cancellation)
    {
        Workload current = workload;
        double best = Short(exact.Model, cancellation);
        for (int round = 0; round < PaddingRounds; round++)
        {
            (Workload Loops, double Value) next = PaddedWorkloads.Around(workload, current, architecture)
                .Select(w => (w, Short(ModelOf(w, exact.Model.Bits), cancellation))).DefaultIfEmpty((current, best)).MinBy(p => p.Item2);
            if (next.Value >= best)
                break;
            (current, best) = next;
        }

        CostFrontier frontier = new(options.Objective);
        frontier.Offer([.. exact.Frontier, .. known.Select(exact.Reprice)]);
        if (current != workload)
        {
            EncodedMapping[] seeds = [.. known.Where(k => k.Padded == current).Select(k => k.Mapping)];
            SearchOutcome padded = Evolve(
                ModelOf(current, exact.Model.Bits), space, options.Objective, options.EvaluationsPerLayer, seeds, cancellation);
            frontier.Offer([.. padded.Frontier.Select(c => c with { Padded = current })]);
        }

        return exact with { Frontier = frontier.Candidates };
    }

    private double Short(CostModel model, CancellationToken cancellation) => options.Objective.Of(
        Evolve(model, space, options.Objective, options.EvaluationsPerLayer / PaddingShare, [], cancellation).Best.Cost);

    private CostModel ModelOf(Workload loops, OperandBits widths) => new(loops, architecture, widths, effects: options.Effects);
}
