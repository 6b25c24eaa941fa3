namespace InstantNet.Generation.Mapping.Reports;

/// <summary>Where values lie along one direction of a chart, and which round ones are named. Immutable.</summary>
internal sealed class Axis
{
    // Rounding in the last bits must not push a tick out of the range that it ends.
    private const double Slack = 1e-9;
    private const double LeastMargin = 1.06;
    private const double LoneMargin = 2;
    private const double MostMargin = 10;
    private const double MarginOfSpan = 0.06;
    private const int EnoughTicks = 4;
    private const int LogIntervals = 5;

    private static readonly double[] Steps = [1, 2, 5, 10];
    private static readonly double[][] Multiples = [[1], [1, 2, 5], [1, 1.5, 2, 3, 5, 7], [1, 2, 3, 4, 5, 6, 7, 8, 9]];

    private readonly Func<double, double> _even;
    private readonly double _low;
    private readonly double _high;
    private readonly double _from;
    private readonly double _to;

    private Axis(Func<double, double> even, double low, double high, double from, double to, IReadOnlyList<double> ticks)
    {
        (_even, _low, _high, _from, _to) = (even, low, high, from, to);
        Ticks = ticks;
    }

    /// <summary>Round values, rising.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>Equal steps are equally long; from 0 to the first tick at or above the greatest value.</summary>
    /// <param name="greatest">When it is not above 0, the axis ends at 1.</param>
    /// <param name="from">Place of 0.</param>
    /// <param name="to">Place of the last tick.</param>
    /// <param name="intervals">At most this many between ticks.</param>
    public static Axis Linear(double greatest, double from, double to, int intervals)
    {
        double top = IsShown(greatest) ? greatest : 1;
        double step = StepFor(top / intervals);
        int count = (int)Math.Ceiling((top / step) - Slack);
        double[] ticks = [.. Enumerable.Range(0, count + 1).Select(i => i * step)];
        return new Axis(v => v, 0, ticks[^1], from, to, ticks);
    }

    /// <summary>Equal steps are equally long; from the last tick at or below the least value to the first at or above the greatest.</summary>
    /// <param name="least">Finite.</param>
    /// <param name="greatest">Finite, not below it.</param>
    /// <param name="from">Place of the first tick.</param>
    /// <param name="to">Place of the last tick.</param>
    /// <param name="intervals">At most this many between ticks, and one more.</param>
    public static Axis Between(double least, double greatest, double from, double to, int intervals)
    {
        double span = greatest - least;
        double step = StepFor((span > 0 ? span : Math.Max(Math.Abs(greatest), 1) * (LeastMargin - 1)) / intervals);
        double low = Math.Floor((least / step) + Slack), high = Math.Max(low + 1, Math.Ceiling((greatest / step) - Slack));
        double[] ticks = [.. Enumerable.Range(0, (int)(high - low) + 1).Select(i => (low + i) * step)];
        return new Axis(v => v, ticks[0], ticks[^1], from, to, ticks);
    }

    /// <summary>Equal quotients are equally long; the values with a margin.</summary>
    /// <param name="values">Those not above 0 are passed over; without any other the axis is around 1.</param>
    /// <param name="from">Place of the low end.</param>
    /// <param name="to">Place of the high end.</param>
    public static Axis Logarithmic(IEnumerable<double> values, double from, double to)
    {
        double[] shown = [.. values.Where(IsShown)];
        (double low, double high) = shown.Length == 0 ? (1, 1) : (shown.Min(), shown.Max());
        double margin = low == high ? LoneMargin : Math.Clamp(Math.Pow(high / low, MarginOfSpan), LeastMargin, MostMargin);
        low /= margin;
        high *= margin;
        return new Axis(Math.Log10, low, high, from, to, LogTicks(low, high));
    }

    /// <summary>Whether a value has a place on a logarithmic axis.</summary>
    public static bool IsShown(double value) => double.IsNormal(value) && value > 0;

    /// <summary>The same axis with other ticks.</summary>
    public Axis With(IReadOnlyList<double> ticks) => new(_even, _low, _high, _from, _to, ticks);

    /// <summary>Place of a value; one without a place lies at the nearer end.</summary>
    public double At(double value)
    {
        double share = (_even(value) - _even(_low)) / (_even(_high) - _even(_low));
        return double.IsNaN(share) ? _from : _from + (Math.Clamp(share, 0, 1) * (_to - _from));
    }

    private static List<double> LogTicks(double low, double high)
    {
        int first = (int)Math.Floor(Math.Log10(low)), last = (int)Math.Ceiling(Math.Log10(high));
        foreach (double[] multiples in Multiples)
        {
            List<double> ticks =
            [
                .. Enumerable.Range(first, last - first + 1).SelectMany(e => multiples.Select(m => m * Math.Pow(10, e)))
                    .Where(t => t >= low * (1 - Slack) && t <= high * (1 + Slack)),
            ];
            if (ticks.Count >= EnoughTicks)
                return ticks;
        }

        double step = StepFor((high - low) / LogIntervals);
        double start = Math.Ceiling((low / step) - Slack);
        return [.. Enumerable.Range(0, (int)((high / step) + Slack - start) + 1).Select(i => (start + i) * step)];
    }

    /// <summary>The least of 1, 2 and 5 times a power of ten that is not below a value.</summary>
    private static double StepFor(double least)
    {
        double decade = Math.Pow(10, Math.Floor(Math.Log10(least)));
        return Steps.Select(s => s * decade).First(s => s >= least * (1 - Slack));
    }
}
