namespace InstantNet.Bench.Agents;

/// <summary>Durations of one kind, in the order measured. One thread.</summary>
/// <param name="capacity">Most durations; more are a bug. Adding allocates nothing.</param>
internal sealed class Samples(int capacity)
{
    private readonly double[] _milliseconds = new double[capacity];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Adds one.</summary>
    public void Add(double milliseconds) => _milliseconds[Count++] = milliseconds;

    /// <summary>The duration that this share of all does not exceed (nearest rank), milliseconds.</summary>
    /// <param name="share">0..1.</param>
    public double Percentile(double share)
    {
        double[] sorted = _milliseconds[..Count];
        Array.Sort(sorted);
        return sorted[Math.Max(1, (int)Math.Ceiling(share * Count)) - 1];
    }

    /// <summary>Half of all are shorter, milliseconds: what a busy neighbour moves least.</summary>
    public double Median => Percentile(0.5);
}
