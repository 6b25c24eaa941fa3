namespace InstantNet.Controller.Scenario;

/// <summary>One thing the scenario promises, and what was measured.</summary>
/// <param name="Name">The promise, as a sentence.</param>
/// <param name="Held">Whether it was kept.</param>
/// <param name="Measured">What was found, with its unit.</param>
/// <param name="Limit">What was accepted, with its unit.</param>
public sealed record Claim(string Name, bool Held, string Measured, string Limit);
