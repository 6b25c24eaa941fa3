using InstantNet.Contracts;

namespace InstantNet.Agent.Inference;

/// <summary>Answer to one frame that somebody asked about.</summary>
/// <param name="Class">Index of the chosen class.</param>
/// <param name="Label">Its name.</param>
/// <param name="Confidence">Softmax probability of that class, 0..1.</param>
/// <param name="Bits">Precision it ran at.</param>
/// <param name="LatencyMs">Time ONNX Runtime took, milliseconds.</param>
internal sealed record Classification(int Class, string Label, float Confidence, Precision Bits, double LatencyMs);
