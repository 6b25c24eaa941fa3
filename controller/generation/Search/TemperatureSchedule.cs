namespace InstantNet.Generation.Search;

/// <summary>How soft the choice among a layer's blocks is: it falls by a factor from epoch to epoch.</summary>
/// <param name="Start">In the first epoch, positive.</param>
/// <param name="Factor">From one epoch to the next, 0..1.</param>
/// <remarks>Source: the authors' code of InstantNet: 3 · 0.88^epoch over 25 epochs.</remarks>
public sealed record TemperatureSchedule(double Start = 3, double Factor = 0.88)
{
    /// <param name="epoch">From 0.</param>
    public double At(int epoch) => Start * Math.Pow(Factor, epoch);
}
