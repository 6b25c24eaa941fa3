namespace InstantNet.Generation.Mapping.Reports;

/// <summary>Keeps labels beside the things they name without letting them lie on one another.</summary>
internal static class LabelSpacing
{
    /// <summary>Places as near to the wanted ones as a least distance allows, in the least-squares sense, then moved inside the limits.</summary>
    /// <param name="wanted">In any order.</param>
    /// <param name="gap">Least distance of two labels.</param>
    /// <param name="low">Lowest place.</param>
    /// <param name="high">Highest place; when all labels do not fit, the last ones go beyond it.</param>
    /// <returns>One place per wanted one, in its order; labels keep the order of what they name.</returns>
    public static double[] Spread(IReadOnlyList<double> wanted, double gap, double low, double high)
    {
        int[] order = [.. Enumerable.Range(0, wanted.Count).OrderBy(i => wanted[i])];
        // Once the gaps are taken off, "apart enough" means "not falling": pool neighbours that fall into their mean.
        List<(double Sum, int Count)> pools = [];
        for (int rank = 0; rank < order.Length; rank++)
        {
            pools.Add((wanted[order[rank]] - (rank * gap), 1));
            while (pools.Count > 1 && Mean(pools[^2]) > Mean(pools[^1]))
            {
                (double sum, int count) = pools[^1];
                pools.RemoveAt(pools.Count - 1);
                pools[^1] = (pools[^1].Sum + sum, pools[^1].Count + count);
            }
        }

        double[] placed = new double[wanted.Count];
        double last = Math.Max(low, high - ((wanted.Count - 1) * gap));
        double[] means = [.. pools.SelectMany(p => Enumerable.Repeat(Math.Clamp(Mean(p), low, last), p.Count))];
        for (int rank = 0; rank < order.Length; rank++)
        {
            placed[order[rank]] = means[rank] + (rank * gap);
        }

        return placed;
    }

    private static double Mean((double Sum, int Count) pool) => pool.Sum / pool.Count;
}
