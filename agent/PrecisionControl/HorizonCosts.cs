namespace InstantNet.Agent.PrecisionControl;

/// <summary>What a plan over a horizon must know of the variants.</summary>
/// <param name="SwingMj">How far spending may stray from an allowance before a mixture changes sides, millijoules.</param>
/// <param name="LeastMj">Energy of the least hungry variant that the policy allows, millijoules a frame.</param>
internal readonly record struct HorizonCosts(double SwingMj, double LeastMj);
