namespace InstantNet.Generation.Mapping;

/// <summary>The expert flow to beat: Eyeriss' row stationary dataflow as constraints on the same space, its tile sizes left to the search.</summary>
/// <remarks>
/// Source: Chen, Emer and Sze, Eyeriss, ISCA 2016, section V. A unit holds one filter row (S) and slides it along one output row (Q, the
/// innermost loop over the array); filter rows (R) lie along Y with replicas over channels, output rows (P) along X with replicas over
/// filters; a unit interleaves several channels and filters. Weights go past the buffer where the class lets them; sums are finished over
/// the channels before the next filters come, and those before the next strip of rows. What stays free is how much of each loop goes where.
/// </remarks>
public static class RowStationary
{
    /// <summary>The constraints on one architecture.</summary>
    /// <exception cref="ArgumentException">No level of the architecture fans out.</exception>
    public static FlowConstraints On(Architecture architecture)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        int array = Enumerable.Range(0, architecture.Levels.Count).LastOrDefault(l => architecture.ChildrenOf(l) != (1, 1), -1);
        if (array < 0)
            throw new ArgumentException($"'{architecture.Name}' has no array of units for rows to be stationary in.", nameof(architecture));
        List<(Dimension, int, MeshAxis?)> places = [];
        foreach (Dimension dimension in (ReadOnlySpan<Dimension>)[Dimension.R, Dimension.C, Dimension.K])
        {
            places.Add((dimension, array, MeshAxis.Y));
        }

        places.Add((Dimension.P, array, MeshAxis.X));
        places.Add((Dimension.K, array, MeshAxis.X));
        for (int inside = 0; inside < array; inside++)
        {
            places.AddRange([(Dimension.S, inside, null), (Dimension.C, inside, null), (Dimension.K, inside, null)]);
        }

        for (int outside = array; outside < architecture.Levels.Count; outside++)
        {
            foreach (Dimension dimension in (ReadOnlySpan<Dimension>)[Dimension.N, Dimension.K, Dimension.C, Dimension.P, Dimension.Q])
            {
                places.Add((dimension, outside, null));
            }
        }

        Dictionary<int, IReadOnlyList<Dimension>> orders = new() { [array] = [Dimension.Q, Dimension.C, Dimension.K, Dimension.P, Dimension.N] };
        Dictionary<int, OperandSet> bypasses = [];
        for (int level = 0; level < architecture.Levels.Count; level++)
        {
            bypasses[level] = level == array ? OperandSet.Weights : OperandSet.None;
            if (level > array)
                orders[level] = [Dimension.C, Dimension.K, Dimension.Q, Dimension.P, Dimension.N];
        }

        return new FlowConstraints("row-stationary", places, orders, bypasses);
    }
}
