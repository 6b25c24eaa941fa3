namespace InstantNet.Agent.PrecisionControl;

/// <summary>Forecast of a quantity from its recent past; by time of day once more than a day was seen. Not thread safe; allocates once.</summary>
/// <remarks>
/// Exponentially weighted means: of the last half hour, of all, and of each half hour of the day. Before a day is known the forecast falls
/// from the recent value to the mean less the caution that was asked for, in standard errors of a mean: what was seen and what is to come are taken
/// to hold an independent value an hour, so that a noisy gauge does not look like bad weather for days on end.
/// How far the forecast is off is measured by itself, in means of some hours that noise does not reach: what came against what the days before had at that
/// time. Until enough was judged, a forecast is taken to err as much as the quantity varies, and harvest as much as there is of it, for it may end.
/// </remarks>
/// <param name="caution">Standard errors below the mean to expect while the day is not known; above it when negative. Positive for what may end.</param>
internal sealed class DayProfile(double caution)
{
    private const int Bins = 48;
    private const double DaySeconds = 86_400, BinSeconds = DaySeconds / Bins, RecentSeconds = 1800, FadeSeconds = 3600, CorrelationSeconds = 3600;

    // Weather and bursts hold for hours: means of two hours tell them from noise, and four hours' are independent of the next four.
    private const double SlowSeconds = 7200, ErrorHoldsSeconds = 4 * 3600;
    private readonly double[] _bins = new double[Bins];
    private readonly bool[] _known = new bool[Bins];
    private double _seconds, _recent, _mean, _square, _positiveSquare;
    private double _slow, _slowMean, _slowSquare;
    private double _daysBefore = double.NaN, _error, _errorSquareSeconds, _judgedSeconds;
    private int _bin = -1;

    /// <summary>Notes what was seen.</summary>
    /// <param name="value">Mean over the time; not finite is ignored.</param>
    /// <param name="seconds">How long, positive.</param>
    /// <param name="secondOfDay">When.</param>
    public void See(double value, double seconds, double secondOfDay)
    {
        if (!double.IsFinite(value) || !(seconds > 0))
            return;
        if (_seconds == 0)
            (_recent, _mean, _square, _slow, _slowMean, _slowSquare) = (value, value, value * value, value, value, value * value);
        _seconds += seconds;
        Approach(ref _recent, value, seconds / RecentSeconds);
        double share = seconds / Math.Min(_seconds, DaySeconds);
        Approach(ref _mean, value, share);
        Approach(ref _square, value * value, share);
        double positive = Math.Max(0, value);
        Approach(ref _positiveSquare, positive * positive, share);
        Approach(ref _slow, value, seconds / SlowSeconds);
        Approach(ref _slowMean, _slow, share);
        Approach(ref _slowSquare, _slow * _slow, share);
        int bin = Bin(secondOfDay);
        if (bin != _bin)
            (_bin, _daysBefore) = (bin, _known[bin] ? _bins[bin] : double.NaN);
        if (double.IsFinite(_daysBefore))
        {
            Approach(ref _error, value - _daysBefore, seconds / SlowSeconds);
            _errorSquareSeconds += _error * _error * seconds;
            _judgedSeconds += seconds;
        }

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

    /// <summary>Standard error of the sum of what <see cref="At"/> expects from now on, value times seconds.</summary>
    /// <param name="ahead">Seconds from now to its end.</param>
    public double ErrorOfSum(double ahead)
    {
        double mayEnd = Math.Max(0, caution) * Math.Max(0, 1 - _seconds / DaySeconds) * _positiveSquare;
        double unjudged = Math.Max(0, _slowSquare - _slowMean * _slowMean) + mayEnd;
        double variance = (unjudged * DaySeconds + _errorSquareSeconds) / (DaySeconds + _judgedSeconds);
        return Math.Sqrt(variance) * Math.Min(ahead, Math.Sqrt(ahead * ErrorHoldsSeconds));
    }

    private static int Bin(double secondOfDay) => (int)(((secondOfDay % DaySeconds) + DaySeconds) % DaySeconds / BinSeconds) % Bins;

    private static void Approach(ref double mean, double value, double share) => mean += (value - mean) * Math.Min(1, share);
}
