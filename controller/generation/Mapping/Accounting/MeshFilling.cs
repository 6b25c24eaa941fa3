namespace InstantNet.Generation.Mapping.Accounting;

/// <summary>How many units of a mesh exact factors of a layer's loops can occupy. Pure.</summary>
internal static class MeshFilling
{
    /// <summary>Largest product of what lies along X (at most the columns) and along Y (at most the rows).</summary>
    public static long Most(LoopBounds bounds, int columns, int rows)
    {
        if (columns == 1 && rows == 1)
            return 1;
        bool[,] reachable = new bool[columns + 1, rows + 1];
        reachable[1, 1] = true;
        foreach (Dimension dimension in Enum.GetValues<Dimension>())
        {
            Extend(reachable, bounds[dimension], columns, rows);
        }

        long most = 1;
        for (int x = 1; x <= columns; x++)
        {
            for (int y = 1; y <= rows; y++)
            {
                most = reachable[x, y] ? Math.Max(most, (long)x * y) : most;
            }
        }

        return most;
    }

    // From the largest products down, so that a loop's factors are multiplied in once.
    private static void Extend(bool[,] reachable, int bound, int columns, int rows)
    {
        int[] divisors = [.. Enumerable.Range(1, Math.Min(bound, Math.Max(columns, rows))).Where(d => bound % d == 0)];
        for (int x = columns; x >= 1; x--)
        {
            for (int y = rows; y >= 1; y--)
            {
                if (!reachable[x, y])
                    continue;
                foreach (int alongX in divisors.TakeWhile(d => x * d <= columns))
                {
                    foreach (int alongY in divisors.TakeWhile(d => y * d <= rows))
                    {
                        if (bound % (alongX * alongY) == 0)
                            reachable[x * alongX, y * alongY] = true;
                    }
                }
            }
        }
    }
}
