namespace InstantNet.Agent.PrecisionControl;

/// <summary>Energy in the battery and power from outside, from a gauge that need not tell the truth. A value: passed in, returned changed. Pure.</summary>
/// <remarks>
/// A critically damped tracking filter (alpha and beta from one time constant; source: Benedict and Bordner, IRE Trans. AC-7, 1962) on what the
/// gauge says, carried on by what inference is known to have drawn. The slower a battery runs down, the longer the filter takes, from a quarter of an
/// hour to an hour: what a gauge errs by must not look like more power than the device draws. A gauge that jumps is believed after <see cref="PatienceSeconds"/>, if it is seen
/// to move meanwhile and does not jump again; one that is silent or stands still while more is drawn than it could hide is not believed.
/// </remarks>
/// <param name="IsKnown">Whether a gauge ever said something.</param>
/// <param name="Joules">In the battery.</param>
/// <param name="OutsideWatts">Harvest less what the device draws besides inference.</param>
/// <param name="DoubtSeconds">How long the gauge has been far from <paramref name="Joules"/>.</param>
/// <param name="DoubtMoves">How often it moved meanwhile.</param>
/// <param name="LastPct">What the gauge said last.</param>
/// <param name="DrawnSinceMoved">Joules that inference drew since the gauge moved.</param>
/// <param name="DrawnWatts">Mean power of inference in the last half hour.</param>
internal readonly record struct ChargeEstimate(
    bool IsKnown, double Joules, double OutsideWatts, double DoubtSeconds, int DoubtMoves, double LastPct, double DrawnSinceMoved, double DrawnWatts = 0)
{
    private const double ShortestSeconds = 900, LongestSeconds = 3600, DrawSeconds = 1800;

    // The filter is as slow as needed for this error of the gauge to look like this share of what inference draws.
    private const double GaugeErrorShare = 0.02, DrawShare = 0.25;
    private const double PatienceSeconds = 300;

    // A gauge that tells whole percents and trembles by one more stays within.
    private const double FarShare = 0.04;
    private const double HiddenShare = 0.03;

    // Above this a charger holds the level: standing still is no sign of a fault.
    private const double FullPct = 99;

    /// <summary>The estimate after some time.</summary>
    /// <param name="gaugePct">What the gauge says; null, NaN or outside 0..100 is silence.</param>
    /// <param name="capacity">Joules of a full battery, positive.</param>
    /// <param name="drawn">Joules that inference drew meanwhile, not negative.</param>
    /// <param name="seconds">Since the last look, positive.</param>
    public ChargeEstimate Next(double? gaugePct, double capacity, double drawn, double seconds)
    {
        double? pct = gaugePct is >= 0 and <= 100 ? gaugePct : null;
        if (!IsKnown)
            return pct is { } first ? new ChargeEstimate(true, capacity * first / 100, 0, 0, 0, first, 0) : this;
        double predicted = Math.Clamp(Joules + OutsideWatts * seconds - drawn, 0, capacity);
        if (pct is not { } now)
            return this with { Joules = predicted };
        bool moved = now != LastPct;
        double watts = DrawnWatts + (drawn / seconds - DrawnWatts) * Math.Min(1, seconds / DrawSeconds);
        double hidden = moved ? 0 : DrawnSinceMoved + drawn;
        ChargeEstimate seen = this with { Joules = predicted, LastPct = now, DrawnSinceMoved = hidden, DrawnWatts = watts };
        if (hidden > HiddenShare * capacity && now < FullPct)
            return seen;
        double error = capacity * now / 100 - predicted;
        if (Math.Abs(error) > FarShare * capacity)
        {
            bool again = DoubtSeconds > 0 && Math.Abs(now - LastPct) <= 100 * FarShare;
            double doubt = again ? DoubtSeconds + seconds : seconds;
            int moves = again && moved ? DoubtMoves + 1 : again ? DoubtMoves : 0;
            return doubt < PatienceSeconds || moves == 0
                ? seen with { DoubtSeconds = doubt, DoubtMoves = moves }
                : seen with { DoubtSeconds = 0, DoubtMoves = 0, Joules = capacity * now / 100 };
        }

        double slow = watts > 0 ? Math.Clamp(GaugeErrorShare * capacity / (DrawShare * watts), ShortestSeconds, LongestSeconds) : LongestSeconds;
        double keep = Math.Exp(-seconds / slow);
        double alpha = 1 - keep * keep, beta = (1 - keep) * (1 - keep);
        double most = capacity / ShortestSeconds;
        return seen with
        {
            Joules = Math.Clamp(predicted + alpha * error, 0, capacity),
            OutsideWatts = Math.Clamp(OutsideWatts + beta * error / seconds, -most, most),
            DoubtSeconds = 0,
            DoubtMoves = 0,
        };
    }
}
