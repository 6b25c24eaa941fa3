namespace InstantNet.Tests.Unit.Agent.Delivery;

/// <summary>Chance that always draws the same share of a window.</summary>
internal sealed class FixedRandom(double share) : Random
{
    public override double NextDouble() => share;
}
