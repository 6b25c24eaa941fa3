using InstantNet.Contracts;

namespace InstantNet.Agent.PrecisionControl;

/// <summary>What one variant gives and takes on this device.</summary>
/// <param name="Bits">Bit-width.</param>
/// <param name="Accuracy">To decide by, 0..1; see <see cref="AccuracyEvidence"/>.</param>
/// <param name="LatencyMs">Per frame, milliseconds; which percentile is the caller's choice, the same for all variants.</param>
/// <param name="EnergyMj">Mean per frame, millijoules, without idle power.</param>
internal readonly record struct VariantCost(Precision Bits, double Accuracy, double LatencyMs, double EnergyMj);
