using InstantNet.Generation.Mapping.Accounting;

namespace InstantNet.Generation.Mapping.Search;

/// <summary>Improves the loop orders of one mapping by exchanging neighbours until no exchange helps; its tiles stay as they are. One thread.</summary>
/// <remarks>Each exchange touches one level's order, so that only the words transferred to the levels inside are counted anew.</remarks>
internal sealed class OrderRefinement(SearchSpace space, MapObjective objective)
{
    private const int Width = MappingView.Width;

    private readonly CostState _state = new();
    private readonly long[] _counts = new long[space.Model.CountsLength];

    /// <summary>Exchanges neighbours in place.</summary>
    /// <param name="mapping">Changed where that helps.</param>
    /// <param name="evaluations">Grows by the mappings costed.</param>
    /// <returns>Cost of what the mapping has become.</returns>
    public Cost Improve(EncodedMapping mapping, ref long evaluations)
    {
        Cost best = space.Model.Evaluate(mapping.View, _counts, _state);
        evaluations++;
        bool improved = true;
        while (improved)
        {
            improved = false;
            foreach (int level in space.OpenOrders)
            {
                improved |= ImproveLevel(mapping, level, ref best, ref evaluations);
            }
        }

        return best;
    }

    private bool ImproveLevel(EncodedMapping mapping, int level, ref Cost best, ref long evaluations)
    {
        Span<byte> order = mapping.Orders.AsSpan(level * Width, MappingView.Dimensions);
        bool improved = false;
        int inner = -1;
        for (int place = 0; place < order.Length; place++)
        {
            if (mapping.Bounds[(level * Width) + order[place]] == 1)
                continue;
            if (inner >= 0)
            {
                (order[inner], order[place]) = (order[place], order[inner]);
                Cost cost = space.Model.Reorder(mapping.View, _counts, _state, level);
                evaluations++;
                if (objective.Of(cost) < objective.Of(best))
                    (best, improved) = (cost, true);
                else
                    (order[inner], order[place]) = (order[place], order[inner]);
            }

            inner = place;
        }

        // The last exchange may have been taken back: the next level starts from what the mapping is.
        space.Model.Reorder(mapping.View, _counts, _state, level);
        return improved;
    }
}
