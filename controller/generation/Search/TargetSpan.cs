using System.Globalization;

namespace InstantNet.Generation.Search;

/// <summary>A target band as it is asked for: in the cost's unit, or in percent of what the dearest network of the space costs.</summary>
/// <param name="Low">Least.</param>
/// <param name="High">Most, above it.</param>
/// <param name="InPercent">Whether both are percent.</param>
public readonly record struct TargetSpan(double Low, double High, bool InPercent)
{
    /// <summary>
    /// 40 to 50 % of the dearest network: half of the layers large ones, or all of them middling. Where the cost is a product of two, the square of it.
    /// </summary>
    public static TargetSpan Default { get; } = new(40, 50, InPercent: true);

    /// <summary>Reads <c>1.2e6-1.4e6</c> or <c>40%-50%</c>.</summary>
    /// <exception cref="ArgumentException">Not such a span; the message says what is accepted.</exception>
    public static TargetSpan Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        // A dash after an e belongs to the number.
        int dash = Enumerable.Range(1, Math.Max(0, text.Length - 1)).FirstOrDefault(i => text[i] == '-' && text[i - 1] is not ('e' or 'E'));
        if (dash > 0 && Read(text[..dash]) is (double low, var lowPercent) && Read(text[(dash + 1)..]) is (double high, var highPercent)
            && lowPercent == highPercent && high > low)
            return new TargetSpan(low, high, lowPercent);
        throw new ArgumentException($"--target is '{text}': LOW-HIGH is accepted, for example 1.2e6-1.4e6 or 40%-50%, of the dearest network, HIGH above LOW.");
    }

    /// <summary>The band in the cost's unit.</summary>
    /// <exception cref="ArgumentException">No network of the space can lie in it.</exception>
    public TargetBand On(CostTable costs)
    {
        ArgumentNullException.ThrowIfNull(costs);
        double cheapest = costs.Cheapest, dearest = costs.Dearest;
        int factors = costs.Factors.Count;
        TargetBand band = InPercent ? new(Part(Low), Part(High)) : new(Low, High);
        return band.High >= cheapest && band.Low <= dearest
            ? band
            : throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"No network of the space costs {band.Low:G4} to {band.High:G4} {costs.Unit}: the cheapest costs {cheapest:G4}, the dearest {dearest:G4}."));

        double Part(double percent) => dearest * Math.Pow(percent / 100, factors);
    }

    private static (double Value, bool InPercent)? Read(string text)
    {
        bool percent = text.EndsWith('%');
        return double.TryParse(percent ? text[..^1] : text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double value)
            && double.IsFinite(value) && value >= 0
            ? (value, percent)
            : null;
    }
}
