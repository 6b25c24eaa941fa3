namespace InstantNet.Generation.Mapping.Search;

/// <summary>Bounds a little above a layer's own that fill an array better. Pure.</summary>
internal static class PaddedWorkloads
{
    private const double MostOverhead = 0.2;
    private static readonly Dimension[] Paddable = [Dimension.K, Dimension.C, Dimension.P, Dimension.Q];

    /// <summary>The layer with one loop padded, or the padded loop put back to its own bound: the neighbours of <paramref name="current"/>.</summary>
    /// <param name="layer">The layer itself.</param>
    /// <param name="current">The layer, perhaps padded.</param>
    /// <param name="architecture">Whose meshes are to be filled.</param>
    public static IEnumerable<Workload> Around(Workload layer, Workload current, Architecture architecture)
    {
        foreach (Dimension dimension in Paddable)
        {
            int bound = layer.Bounds[dimension];
            foreach (int padded in Candidates(bound, architecture).Append(bound).Where(p => p != current.Bounds[dimension]))
            {
                yield return current.With(dimension, padded);
            }
        }
    }

    /// <summary>Least multiples, at most a fifth above the bound, of numbers that can lie along an axis.</summary>
    internal static IEnumerable<int> Candidates(int bound, Architecture architecture)
    {
        SortedSet<int> candidates = [];
        for (int level = 0; level < architecture.Levels.Count; level++)
        {
            (int columns, int rows) = architecture.ChildrenOf(level);
            for (int along = 2; along <= Math.Max(columns, rows); along++)
            {
                int padded = (bound + along - 1) / along * along;
                if (padded > bound && padded <= bound * (1 + MostOverhead))
                    candidates.Add(padded);
            }
        }

        return candidates;
    }
}
