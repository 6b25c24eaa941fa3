using InstantNet.Agent.PrecisionControl;

namespace InstantNet.Agent.Replay;

/// <summary>What a policy could deliver at most that knew the whole trace. Exact for the linear program below, which bounds every policy. Pure.</summary>
/// <remarks>
/// <para>For each row of a trace: shares of variants, of lost frames and of time off, so that frames fit the time, and a battery that neither falls below
/// zero nor holds more than its capacity. Harvest counts from the beginning of its row and the capacity at its end, and no reserve is kept, so
/// nothing that a device can do is left out.</para>
/// <para>What rows can draw together is what the sinks of a flow network can take (sources: harvest; edges: the battery from row to row), which is a
/// polymatroid; so giving each joule where it is worth most, as far as it can be given at all, is optimal for concave worth. Sources: Megiddo,
/// Mathematical Programming 7, 1974; Federgruen and Groenevelt, Operations Research 34, 1986.</para>
/// </remarks>
internal static class OfflineOptimum
{
    private const double Slack = 1e-12;

    /// <summary>Most accuracy, 0..1: mean over all frames of the trace.</summary>
    /// <param name="trace">What is known beforehand.</param>
    /// <param name="variants">What the device can run.</param>
    /// <param name="deadlineSeconds">After which an answer is worth nothing.</param>
    /// <param name="waitSeconds">Longest that a frame may wait: so much work may move into the next row.</param>
    public static double Accuracy(Trace trace, ReadOnlySpan<VariantCost> variants, double deadlineSeconds, double waitSeconds)
    {
        List<IReadOnlyList<WorthPiece>> pieces = [];
        foreach (TraceRow row in trace.Rows)
            pieces.Add(RowWorth.Pieces(row, variants, deadlineSeconds, waitSeconds));
        double frames = trace.Rows.Sum(r => r.Seconds * r.FramesPerSecond);
        double[] supply = [.. trace.Rows.Select(r => r.Seconds * r.HarvestWatts)], capacity = [.. trace.Rows.Select(r => r.CapacityJoules)];
        return frames == 0 ? 0 : Worth(trace.CapacityJoules * trace.StartPct / 100, supply, capacity, pieces) / frames;
    }

    /// <summary>Most worth of joules drawn from a battery.</summary>
    /// <param name="start">Joules at the start.</param>
    /// <param name="supply">Joules that come at the beginning of each row.</param>
    /// <param name="capacity">Joules that can be kept at the end of each row.</param>
    /// <param name="pieces">Of each row, falling in worth per joule.</param>
    public static double Worth(double start, double[] supply, double[] capacity, IReadOnlyList<IReadOnlyList<WorthPiece>> pieces)
    {
        double[] drawn = new double[supply.Length], kept = new double[supply.Length], spilt = new double[supply.Length];
        double worth = 0;
        foreach ((int row, WorthPiece piece) in pieces.SelectMany((p, row) => p.Select(piece => (row, piece))).OrderByDescending(p => p.piece.PerJoule))
        {
            Run(start, supply, capacity, drawn, kept, spilt);
            double more = Math.Min(piece.Joules, Most(row, kept, spilt));
            drawn[row] += more;
            worth += more * piece.PerJoule;
        }

        return worth;
    }

    private static void Run(double level, double[] supply, double[] capacity, double[] drawn, double[] kept, double[] spilt)
    {
        for (int i = 0; i < supply.Length; i++)
        {
            double left = Math.Max(0, level + supply[i] - drawn[i]);
            level = kept[i] = Math.Min(left, capacity[i]);
            spilt[i] = left - level;
        }
    }

    /// <summary>Joules that a row can draw besides: what is kept from it on, made up for by what spills.</summary>
    private static double Most(int row, double[] kept, double[] spilt)
    {
        double most = double.PositiveInfinity, madeUp = 0;
        for (int i = row; i < kept.Length && madeUp < most - Slack; i++)
        {
            madeUp += spilt[i];
            most = Math.Min(most, kept[i] + madeUp);
        }

        return Math.Max(0, most);
    }
}
