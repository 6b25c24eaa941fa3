namespace InstantNet.Generation.Mapping.Pipelines;

/// <summary>Meshes that exact factors of a layer's loops fill. Pure.</summary>
internal static class StageMeshes
{
    /// <summary>One mesh per number of units, the squarest one, smallest first.</summary>
    /// <param name="bounds">The layer's loops.</param>
    /// <param name="alongX">Loops that may lie along X.</param>
    /// <param name="alongY">Loops that may lie along Y.</param>
    /// <param name="mostUnits">Units there are.</param>
    public static IReadOnlyList<(int Columns, int Rows)> Of(LoopBounds bounds, IReadOnlyList<Dimension> alongX, IReadOnlyList<Dimension> alongY, int mostUnits)
    {
        SortedSet<int> columns = Products(bounds, alongX, mostUnits), rows = Products(bounds, alongY, mostUnits);
        SortedDictionary<int, (int Columns, int Rows)> meshes = [];
        foreach (int c in columns)
        {
            foreach (int r in rows.TakeWhile(r => (long)c * r <= mostUnits))
            {
                if (!meshes.TryGetValue(c * r, out (int Columns, int Rows) known) || Math.Abs(c - r) < Math.Abs(known.Columns - known.Rows))
                    meshes[c * r] = (c, r);
            }
        }

        return [.. meshes.Values];
    }

    private static SortedSet<int> Products(LoopBounds bounds, IReadOnlyList<Dimension> dimensions, int most)
    {
        SortedSet<int> products = [1];
        foreach (Dimension dimension in dimensions)
        {
            int bound = bounds[dimension];
            int[] divisors = [.. Enumerable.Range(1, Math.Min(bound, most)).Where(d => bound % d == 0)];
            products = [.. products.SelectMany(p => divisors.Where(d => (long)p * d <= most).Select(d => p * d))];
        }

        return products;
    }
}
