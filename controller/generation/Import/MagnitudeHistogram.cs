namespace InstantNet.Generation.Import;

/// <summary>How often which magnitude occurs, in bins that widen as larger values come. Zeros are left out: every grid holds them exactly.</summary>
internal sealed class MagnitudeHistogram
{
    private const int Bins = 4096;

    // A clip below a twentieth of the largest value never was the best one; finer steps than these change the error by less than a part in a thousand.
    private const int Candidates = 160;
    private const double Finest = 0.05;

    // Beyond so many levels the bins are no finer than the grid, and cutting off has nothing to win: there is room for larger values of other images.
    private const int MostLevels = 512;
    private const double Headroom = 1.5;

    private readonly long[] _counts = new long[Bins];
    private float _range;

    /// <summary>Largest magnitude seen.</summary>
    public float Largest { get; private set; }

    /// <summary>Counts values; finite ones.</summary>
    public void Add(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            float magnitude = MathF.Abs(value);
            if (magnitude == 0)
                continue;
            Largest = MathF.Max(Largest, magnitude);
            if (_range == 0)
                _range = magnitude;
            while (magnitude >= _range)
                Widen();
            _counts[(int)(magnitude / _range * Bins)]++;
        }
    }

    /// <summary>The clip at which rounding to a grid costs the least squared error.</summary>
    /// <param name="levels">Steps from 0 to the clip, at least 1.</param>
    /// <returns>Positive; 1 where nothing but zeros was seen.</returns>
    public double BestClip(int levels)
    {
        if (Largest == 0)
            return 1;
        if (levels >= MostLevels)
            return Headroom * Largest;
        double best = Largest, least = double.PositiveInfinity;
        for (int i = 0; i <= Candidates; i++)
        {
            double clip = Largest * (1 - ((1 - Finest) * i / Candidates)), error = ErrorAt(clip, levels);
            if (error < least)
                (best, least) = (clip, error);
        }

        return best;
    }

    private double ErrorAt(double clip, int levels)
    {
        double step = clip / levels, error = 0;
        for (int bin = 0; bin < Bins; bin++)
        {
            if (_counts[bin] == 0)
                continue;
            double value = (bin + 0.5) * _range / Bins, off = value - (step * Math.Min(levels, Math.Round(value / step)));
            error += _counts[bin] * off * off;
        }

        return error;
    }

    private void Widen()
    {
        for (int bin = 0; bin < Bins; bin++)
            _counts[bin] = bin < Bins / 2 ? _counts[2 * bin] + _counts[(2 * bin) + 1] : 0;
        _range *= 2;
    }
}
