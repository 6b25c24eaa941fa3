using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Import;

/// <summary>A layer while its nodes are being gathered: the operator, then what follows it and is part of it in our networks.</summary>
/// <param name="spec">As known so far.</param>
/// <param name="shape">Of what it makes.</param>
internal sealed class DraftLayer(LayerSpec spec, TensorShape shape)
{
    /// <summary>As known so far.</summary>
    public LayerSpec Spec { get; private set; } = spec;

    /// <summary>Of what it makes, for one image.</summary>
    public TensorShape Shape { get; } = shape;

    /// <summary>[out, ...], row-major; empty for layers without weights.</summary>
    public float[] Weights { get; init; } = [];

    /// <summary>[out]; empty for layers without weights.</summary>
    public double[] Bias { get; init; } = [];

    /// <summary>What a max pooling layer reads; null for other layers.</summary>
    public GraphValue? Pools { get; init; }

    /// <summary>Whether ReLU already follows, so that nothing linear can be part of the layer any more.</summary>
    public bool IsRectified => Spec is ConvSpec { Relu: true } or AddSpec { Relu: true } or DenseSpec { Relu: true };

    /// <summary>Whether the layer may have a ReLU.</summary>
    public bool CanRectify => Spec is ConvSpec or AddSpec or DenseSpec;

    /// <summary>Whether the layer can take y = factor · x + shift into its weights.</summary>
    public bool IsAffine => Bias.Length > 0 && !IsRectified;

    /// <summary>Takes a factor and a shift per output channel into weights and biases; batch norm is one such.</summary>
    public void Transform(double[] factors, double[] shifts)
    {
        int taps = Weights.Length / Bias.Length;
        for (int o = 0; o < Bias.Length; o++)
        {
            Bias[o] = (factors[o] * Bias[o]) + shifts[o];
            for (int i = o * taps; factors[o] != 1 && i < (o + 1) * taps; i++)
                Weights[i] = (float)(factors[o] * Weights[i]);
        }
    }

    /// <summary>Adds ReLU, or ReLU6 and its like.</summary>
    /// <param name="ceiling">Largest value let through; null is none. Of two the lower one counts.</param>
    public void Rectify(float? ceiling)
    {
        Spec = Spec switch
        {
            ConvSpec c => c with { Relu = true, Ceiling = Lower(c.Ceiling, ceiling) },
            AddSpec a => a with { Relu = true, Ceiling = Lower(a.Ceiling, ceiling) },
            DenseSpec d => d with { Relu = true, Ceiling = Lower(d.Ceiling, ceiling) },
            _ => throw new InvalidOperationException($"A {Spec.GetType().Name} has no ReLU."),
        };
    }

    private static float? Lower(float? one, float? other) => one is null ? other : other is null ? one : MathF.Min(one.Value, other.Value);
}
