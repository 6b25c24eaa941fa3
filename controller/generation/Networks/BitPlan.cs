using InstantNet.Contracts;

namespace InstantNet.Generation.Networks;

/// <summary>Which tensor holds how many bits at a given precision: the one place where that is decided.</summary>
/// <remarks>
/// Weights and activations have the precision's bits, residual sums and their operands included; the image, the first convolution's weights, and
/// what the classifier reads and multiplies keep at least 8 (usual below 8 bits: Esser et al., LSQ, ICLR 2020, section 3; the paper's own code
/// leaves first and last layers in float).
/// </remarks>
public static class BitPlan
{
    /// <summary>Bits that the first and the last layer keep at least, for their weights and what they read.</summary>
    public const int EdgeBits = 8;

    /// <summary>
    /// Most bits that are rounded to. A float32 holds 24: a finer grid than this changes nothing that it resolves, so from here up values stay float.
    /// </summary>
    public const int MaxGridBits = 22;

    /// <summary>True when a network at this precision computes in plain float: 32 bits, or more than <see cref="MaxGridBits"/>.</summary>
    public static bool IsFloat(Precision precision) => precision.Bits > MaxGridBits;

    /// <summary>Bits of a layer's weights; 32 where they stay float.</summary>
    /// <exception cref="ArgumentException">The layer has no weights.</exception>
    public static int Weights(LayerSpec layer, Precision precision) => layer switch
    {
        ConvSpec { Edge: false } or DenseSpec => Held(precision),
        ConvSpec or LinearSpec => Math.Max(EdgeBits, Held(precision)),
        _ => throw new ArgumentException($"Layer '{layer?.Name}' has no weights."),
    };

    /// <summary>Bits of a tensor: the image, or what the layer of that name makes; 32 where it stays float, as the logits do.</summary>
    public static int Activation(NetSpec net, string tensor, Precision precision)
    {
        ArgumentNullException.ThrowIfNull(net);
        if (tensor == NetSpec.InputName)
            return Math.Max(EdgeBits, Held(precision));
        LayerSpec maker = net.Layers.First(l => l.Name == tensor);
        if (maker is LinearSpec)
            return Precision.MaxBits;
        if (maker is SelectionSpec selection)
            return Activation(net, selection.Input, precision);
        bool hidden = ReadersOf(net, tensor).Any(l => l is ConvSpec or DenseSpec);
        bool classified = ReadersOf(net, tensor).Any(l => l is LinearSpec);
        return classified && !hidden ? Math.Max(EdgeBits, Held(precision)) : Held(precision);
    }

    /// <summary>True when a tensor may be negative: the output of a layer without ReLU, or an image that is normalised.</summary>
    public static bool IsSigned(NetSpec net, string tensor)
    {
        ArgumentNullException.ThrowIfNull(net);
        return net.Layers.FirstOrDefault(l => l.Name == tensor) switch
        {
            null => net.Normalization is not null,
            ConvSpec c => !c.Relu,
            DenseSpec d => !d.Relu,
            AddSpec a => !a.Relu,
            MixtureSpec => true,
            SelectionSpec s => IsSigned(net, s.Input),
            AveragePoolSpec v => IsSigned(net, v.Input),
            GlobalPoolSpec p => IsSigned(net, p.Input),
            _ => false,
        };
    }

    private static int Held(Precision precision) => IsFloat(precision) ? Precision.MaxBits : precision.Bits;

    /// <summary>Layers that compute with a tensor's codes, or with those that are picked from it.</summary>
    private static IEnumerable<LayerSpec> ReadersOf(NetSpec net, string tensor) => net.Layers.SelectMany(l => l switch
    {
        ConvSpec c when c.Input == tensor => [l],
        DenseSpec d when d.Input == tensor => [l],
        LinearSpec c when c.Input == tensor => [l],
        SelectionSpec s when s.Input == tensor => ReadersOf(net, s.Name),
        _ => Enumerable.Empty<LayerSpec>(),
    });
}
