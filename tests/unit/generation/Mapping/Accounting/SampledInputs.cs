using InstantNet.Generation.Mapping;

namespace InstantNet.Tests.Unit.Generation.Mapping.Accounting;

/// <summary>Timeloop's way of counting the input words that one instance receives, step by step: slow, and independent of the cost model.</summary>
internal static class SampledInputs
{
    public static long Received(Workload workload, EncodedMapping mapping, int level)
    {
        int levels = mapping.Keeps.Length;
        long[] tile = TileOf(workload, [.. Enumerable.Range(0, 7).Select(d => Inside(mapping, levels, level + 1, d))]);
        List<(int Bound, long[] Move)> loops = OuterLoops(workload, mapping, levels, level);
        long words = 0;
        long[]? previous = null, translation = null;
        for (long sample = 0; sample < 1L << loops.Count; sample++)
        {
            long weight = 1;
            long[] position = new long[4];
            for (int i = 0; i < loops.Count; i++)
            {
                if ((sample >> i & 1) == 0)
                    continue;
                weight *= loops[i].Bound - 1;
                position = [.. position.Zip(loops[i].Move, (a, b) => a + b)];
            }

            words += weight * Step(tile, position, ref previous, ref translation);
        }

        return words;
    }

    private static long Step(long[] tile, long[] position, ref long[]? previous, ref long[]? translation)
    {
        long whole = tile.Aggregate(1L, (a, b) => a * b);
        if (previous is null)
        {
            previous = position;
            return whole;
        }

        long[] move = [.. position.Zip(previous, (a, b) => a - b)];
        previous = position;
        if (translation is not null && !translation.SequenceEqual(move))
        {
            translation = null;
            return whole;
        }

        translation ??= move;
        int[] moved = [.. Enumerable.Range(0, 4).Where(i => move[i] != 0)];
        return moved.Length switch
        {
            0 => 0,
            1 => whole / tile[moved[0]] * Math.Min(tile[moved[0]], Math.Abs(move[moved[0]])),
            _ => whole,
        };
    }

    private static List<(int, long[])> OuterLoops(Workload workload, EncodedMapping mapping, int levels, int level)
    {
        List<(int, long[])> loops = [];
        for (int outer = level + 1; outer < levels; outer++)
        {
            for (int i = 0; i < 7; i++)
            {
                int d = mapping.Orders[(outer * 8) + i];
                int bound = mapping.Bounds[(outer * 8) + d];
                if (bound == 1)
                    continue;
                long step = Inside(mapping, levels, outer, d) * mapping.Bounds[((levels + outer) * 8) + d] * mapping.Bounds[(((2 * levels) + outer) * 8) + d];
                loops.Add((bound, (Dimension)d switch
                {
                    Dimension.N => [step, 0, 0, 0],
                    Dimension.C => [0, step, 0, 0],
                    Dimension.P => [0, 0, step * workload.Stride, 0],
                    Dimension.R => [0, 0, step, 0],
                    Dimension.Q => [0, 0, 0, step * workload.Stride],
                    Dimension.S => [0, 0, 0, step],
                    _ => [0, 0, 0, 0],
                }));
            }
        }

        return loops;
    }

    private static long[] TileOf(Workload workload, long[] e) =>
    [
        e[0], e[2],
        ((e[3] - 1) * workload.Stride) + e[5],
        ((e[4] - 1) * workload.Stride) + e[6],
    ];

    private static long Inside(EncodedMapping mapping, int levels, int level, int dimension)
    {
        long product = 1;
        for (int inner = 0; inner < level; inner++)
        {
            for (int kind = 0; kind < 3; kind++)
            {
                product *= mapping.Bounds[(((kind * levels) + inner) * 8) + dimension];
            }
        }

        return product;
    }
}
