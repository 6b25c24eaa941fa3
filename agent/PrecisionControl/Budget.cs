using InstantNet.Contracts;

namespace InstantNet.Agent.PrecisionControl;

/// <summary>What one inference may take now.</summary>
/// <param name="Min">Fewest bits wanted.</param>
/// <param name="Max">Most bits allowed, battery caps included; may be below <paramref name="Min"/>, and then wins.</param>
/// <param name="LatencyMs">Milliseconds; infinite when there is no objective.</param>
/// <param name="EnergyMj">Millijoules; infinite when there is no budget, negative when idle power alone exceeds it.</param>
/// <param name="Allowance">What the battery can spare until its next charge; no limit by default.</param>
/// <param name="SwingMj">How far spending may stray from the allowance before a mixture changes sides, millijoules.</param>
/// <param name="InUse">Precision of the last inference.</param>
internal readonly record struct Budget(
    Precision Min, Precision Max, double LatencyMs, double EnergyMj,
    EnergyAllowance Allowance = default, double SwingMj = 0, Precision InUse = default)
{
    /// <summary>No limit at all.</summary>
    public static Budget Unlimited { get; } =
        new(new Precision(Precision.MinBits), Precision.Full, double.PositiveInfinity, double.PositiveInfinity);
}
