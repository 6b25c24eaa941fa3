using InstantNet.Agent.PrecisionControl;

namespace InstantNet.Agent.Replay;

/// <summary>A stretch of energy that is worth the same per joule.</summary>
/// <param name="Joules">Its length.</param>
/// <param name="PerJoule">Right answers per joule.</param>
internal readonly record struct WorthPiece(double Joules, double PerJoule);

/// <summary>What energy is worth in one row of a trace: the upper concave hull of all that a device can do in it. Pure.</summary>
internal static class RowWorth
{
    private const double MillijoulesPerJoule = 1000;

    /// <summary>The hull's pieces, falling in worth per joule.</summary>
    public static IReadOnlyList<WorthPiece> Pieces(TraceRow row, ReadOnlySpan<VariantCost> variants, double deadlineSeconds, double waitSeconds)
    {
        double frames = row.Seconds * row.FramesPerSecond, secondsPerFrame = (row.Seconds + waitSeconds) / Math.Max(frames, double.Epsilon);
        List<(double Mj, double Accuracy, double Seconds)> uses = [(0, 0, 0)];
        foreach (VariantCost v in variants)
        {
            if (v.LatencyMs / 1000 <= deadlineSeconds)
                uses.Add((v.EnergyMj, v.Accuracy, v.LatencyMs / 1000));
        }

        // Corners of "shares add up to one, mean time fits": one use that fits, or two that fill the time exactly.
        List<(double Joules, double Worth)> corners = [(0, 0)];
        foreach ((double mj, double accuracy, double seconds) in uses)
        {
            if (seconds <= secondsPerFrame)
                corners.Add(At(mj, accuracy));
            foreach ((double mj, double accuracy, double seconds) slow in uses.Where(u => u.Seconds > secondsPerFrame && seconds <= secondsPerFrame))
            {
                double share = (secondsPerFrame - seconds) / (slow.seconds - seconds);
                corners.Add(At(mj + share * (slow.mj - mj), accuracy + share * (slow.accuracy - accuracy)));
            }
        }

        return Hull(corners);

        (double Joules, double Worth) At(double mj, double accuracy) =>
            ((row.BaseWatts * row.Seconds + frames * mj / MillijoulesPerJoule) / row.Efficiency, frames * accuracy);
    }

    private static List<WorthPiece> Hull(List<(double Joules, double Worth)> corners)
    {
        List<WorthPiece> pieces = [];
        (double joules, double worth) = (0, corners.Where(c => c.Joules <= 0).Max(c => c.Worth));
        while (true)
        {
            WorthPiece best = default;
            foreach ((double j, double w) in corners)
            {
                double slope = (w - worth) / (j - joules);
                if (j > joules && (slope > best.PerJoule || (slope == best.PerJoule && j - joules > best.Joules)))
                    best = new WorthPiece(j - joules, slope);
            }

            if (!(best.PerJoule > 0))
                return pieces;
            pieces.Add(best);
            (joules, worth) = (joules + best.Joules, worth + best.Joules * best.PerJoule);
        }
    }
}
