namespace InstantNet.Contracts.Releases;

/// <summary>One variant of a release in a file for the agent's simulator: <c>{"bits": 4, "accuracy": 0.8, "latencyMs": 2, "energyMj": 1}</c>.</summary>
/// <param name="Bits">Bit-width.</param>
/// <param name="Accuracy">As measured, 0..1.</param>
/// <param name="LatencyMs">Per frame, positive.</param>
/// <param name="EnergyMj">Per frame, positive.</param>
/// <param name="TestImages">Images that the accuracy was measured on, by which it is weighed as on a device; null where it is to be taken as it stands.</param>
public sealed record VariantEntry(Precision Bits, double Accuracy, double LatencyMs, double EnergyMj, int? TestImages = null);
