namespace InstantNet.Agent.Simulation;

/// <summary>A stretch of constant external power.</summary>
/// <param name="Seconds">Length, positive.</param>
/// <param name="Watts">Load when negative, charger when positive.</param>
internal sealed record PowerPhase(double Seconds, double Watts);
