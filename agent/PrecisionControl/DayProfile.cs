namespace InstantNet.Agent.PrecisionControl;

/// <summary>Forecast of a quantity from its recent past; by time of day once more than a day was seen. Not thread safe; allocates once.</summary>
/// <remarks>
/// Exponentially weighted means: of the last half hour, of all, and of each half hour of the day. Before a day is known the forecast falls
/// from the recent value to the mean less the caution that was asked for, in standard errors of a mean: what was seen and what is to come are taken
/// to hold an independent value an hour, so that a noisy gauge does not look like bad weather for days on end.
/// </remarks>
/// <param name="caution">Standard errors below the mean to expect while the day is not known; above it when negative.</param>
internal sealed class DayProfile(double caution)
{
    private const int Bins = 48;
    private const double DaySeconds = 86_400, BinSeconds = DaySeconds / Bins, RecentSeconds = 1800, FadeSeconds = 3600, CorrelationSeconds = 3600;
    private readonly double[] _bins = new double[Bins];
    private readonly bool[] _known = new bool[Bins];
    private double _seconds, _recent, _mean, _square;

    /// <summary>Notes what was seen.</summary>
    /// <param name="value">Mean over the time; not finite is ignored.</param>
    /// <param name="seconds">How long, positive.</param>
    /// <param name="secondOfDay">When.</param>
    public void See(double value, double seconds, double secondOfDay)
    {
        if (!double.IsFinite(value) || !(seconds > 0))
            return;
        if (_seconds == 0)
            (_recent, _mean, _square) = (value, value, value * value);
        _seconds += seconds;
        Approach(ref _recent, value, seconds / RecentSeconds);
        double share = seconds / Math.Min(_seconds, DaySeconds);
        Approach(ref _mean, value, share);
        Approach(ref _square, value * value, share);
        int bin = Bin(secondOfDay);
        if (!_known[bin])
            (_known[bin], _bins[bin]) = (true, value);
        Approach(ref _bins[bin], value, seconds / BinSeconds);
    }

    /// <summary>What to expect.</summary>
    /// <param name="ahead">Seconds from now.</param>
    /// <param name="secondOfDay">Of now.</param>
    public double At(double ahead, double secondOfDay)
    {
        double fade = Math.Exp(-ahead / FadeSeconds);
        int bin = Bin(secondOfDay + ahead), now = Bin(secondOfDay);
        if (_seconds >= DaySeconds && _known[bin] && _known[now])
            return _bins[bin] + (_recent - _bins[now]) * fade;
        double doubt = Math.Min(1, CorrelationSeconds * (1 / _seconds + 1 / Math.Max(ahead, 1)));
        double expected = _mean - caution * Math.Sqrt(doubt * Math.Max(0, _square - _mean * _mean));
        return expected + (_recent - expected) * fade;
    }

    private static int Bin(double secondOfDay) => (int)(((secondOfDay % DaySeconds) + DaySeconds) % DaySeconds / BinSeconds) % Bins;

    private static void Approach(ref double mean, double value, double share) => mean += (value - mean) * Math.Min(1, share);
}
