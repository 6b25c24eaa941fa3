namespace InstantNet.Torch;

/// <summary>What one batch norm learns and what it has seen; every tensor is [channels], float32, and borrowed.</summary>
/// <param name="Weight">Scale after normalising.</param>
/// <param name="Bias">Shift after normalising.</param>
/// <param name="RunningMean">Moves by <paramref name="Momentum"/> towards each training batch's mean.</param>
/// <param name="RunningVariance">The same for the unbiased variance.</param>
/// <param name="Momentum">0..1; 1 forgets the past.</param>
/// <param name="Epsilon">Added to the variance before its root.</param>
public sealed record BatchNorm(
    Parameter Weight, Parameter Bias, Tensor RunningMean, Tensor RunningVariance, double Momentum = 0.1, double Epsilon = 1e-5);
