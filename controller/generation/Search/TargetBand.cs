namespace InstantNet.Generation.Search;

/// <summary>What a derived network may cost.</summary>
/// <param name="Low">Least, in the cost's own unit.</param>
/// <param name="High">Most, in the same.</param>
public readonly record struct TargetBand(double Low, double High)
{
    /// <summary>Half way between.</summary>
    public double Middle => (Low + High) / 2;

    /// <summary>Whether a cost lies inside, ends included.</summary>
    public bool Holds(double cost) => cost >= Low && cost <= High;

    /// <summary>How far outside a cost lies; 0 inside.</summary>
    public double Distance(double cost) => Math.Max(0, Math.Max(Low - cost, cost - High));
}
