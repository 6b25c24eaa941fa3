using InstantNet.Contracts;

namespace InstantNet.Generation.Networks;

/// <summary>All that one precision of a trained SP-Net needs to run, in plain arrays: what training hands to export.</summary>
/// <param name="Precision">Bit-width of this variant.</param>
/// <param name="Convolutions">By layer name; master weights are the same in every variant, batch norms are not.</param>
/// <param name="Classifier">The final layer.</param>
/// <param name="Activations">
/// By tensor name, the image included; empty where the precision is float (<see cref="BitPlan.IsFloat"/>). A tensor's quantiser is applied where the tensor is made.
/// </param>
public sealed record TrainedVariant(
    Precision Precision,
    IReadOnlyDictionary<string, TrainedConvolution> Convolutions,
    TrainedClassifier Classifier,
    IReadOnlyDictionary<string, ActivationQuantizer> Activations)
{
    /// <summary>Hidden fully connected layers, by layer name.</summary>
    public IReadOnlyDictionary<string, TrainedDense> Dense { get; init; } = new Dictionary<string, TrainedDense>();
}

/// <summary>Master weights of a convolution and the batch norm of one precision (population statistics).</summary>
/// <param name="Weights">[out, in / groups, k, k], row-major, float master values.</param>
/// <param name="Gamma">Batch norm scale, [out].</param>
/// <param name="Beta">Batch norm shift, [out].</param>
/// <param name="Mean">Running mean, [out].</param>
/// <param name="Variance">Running variance, [out], not negative.</param>
/// <param name="Epsilon">Added to the variance before its root.</param>
public sealed record TrainedConvolution(float[] Weights, float[] Gamma, float[] Beta, float[] Mean, float[] Variance, float Epsilon)
{
    /// <summary>Learned step of the weights, one for all output channels; null where each channel has its own, from its largest weight.</summary>
    public float? WeightStep { get; init; }
}

/// <summary>Hidden fully connected layer: outputs = Weights · x + Bias, before its ReLU.</summary>
/// <param name="Weights">[out, in], row-major, float master values.</param>
/// <param name="Bias">[out].</param>
public sealed record TrainedDense(float[] Weights, float[] Bias)
{
    /// <summary>The same values as a 1x1 convolution whose batch norm adds the bias and changes nothing else.</summary>
    public TrainedConvolution AsConvolution()
    {
        float[] ones = new float[Bias.Length];
        Array.Fill(ones, 1f);
        return new TrainedConvolution(Weights, ones, Bias, new float[Bias.Length], ones, 0);
    }
}

/// <summary>Fully connected classifier: logits = Weights · x + Bias.</summary>
/// <param name="Weights">[classes, features], row-major, float master values.</param>
/// <param name="Bias">[classes].</param>
public sealed record TrainedClassifier(float[] Weights, float[] Bias)
{
    /// <summary>As <see cref="TrainedConvolution.WeightStep"/>.</summary>
    public float? WeightStep { get; init; }
}

/// <summary>Uniform quantiser of an activation tensor: value = Scale · (code - ZeroPoint), code in 0..2^Bits - 1.</summary>
/// <param name="Scale">Width of a step, positive.</param>
/// <param name="ZeroPoint">Code of 0: 0 after ReLU, 2^(Bits-1) for signed tensors.</param>
/// <param name="Bits">Bits of a code, 2..22.</param>
public readonly record struct ActivationQuantizer(float Scale, int ZeroPoint, int Bits)
{
    /// <summary>Largest code.</summary>
    public int MaxCode => (1 << Bits) - 1;
}
