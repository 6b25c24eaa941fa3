using InstantNet.Contracts;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Training.Checkpoints;
using InstantNet.Generation.Training.Quantizers;

namespace InstantNet.Generation.Training;

/// <summary>Switchable-precision network: one set of float master weights that runs at every bit-width of a list.</summary>
/// <remarks>
/// What it computes at a precision is what its quantiser says, in float; with one that can be deployed, exactly what integer hardware computes.
/// Not thread-safe; see <see cref="Replicate"/>.
/// Source: Fu et al., InstantNet, DAC 2021 (arXiv:2104.10853); deviations stand in the folder's README.
/// </remarks>
public sealed class SwitchableNet : IDisposable
{
    private readonly Dictionary<string, Parameter> _weights = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SwitchableBatchNorm> _norms = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ILayerQuantizer> _quantizers = new(StringComparer.Ordinal);
    private readonly Parameter _bias;

    /// <param name="spec">Layers.</param>
    /// <param name="precisions">Ascending, no two equal.</param>
    /// <param name="random">Where the initial weights come from: He et al., ICCV 2015, fan-out.</param>
    /// <param name="quantizer">How weights and activations are rounded; null for <see cref="QuantizerCatalog.Default"/>.</param>
    /// <exception cref="ArgumentException">The precisions are none or out of order, or a layer cannot be trained yet.</exception>
    public SwitchableNet(NetSpec spec, IReadOnlyList<Precision> precisions, Random random, IQuantizer? quantizer = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(random);
        ThrowIfUnusable(precisions);
        if (spec.FirstUntrainable is { } unknown)
            throw new ArgumentException($"Layer '{unknown.Name}' ({unknown.GetType().Name}) cannot be trained yet.", nameof(spec));
        Spec = spec;
        Precisions = precisions;
        Quantizer = quantizer ?? QuantizerCatalog.Default;
        foreach (LayerSpec layer in spec.Layers)
        {
            if (layer is not SelectionSpec)
                _quantizers[layer.Name] = Quantizer.ForLayer(spec, layer, precisions);
            if (layer is ConvSpec c)
            {
                double deviation = Math.Sqrt(2.0 / (c.OutChannels / c.Groups * c.Kernel * c.Kernel));
                _weights[c.Name] = Normal(random, deviation, c.OutChannels, c.InChannels / c.Groups, c.Kernel, c.Kernel);
                _norms[c.Name] = new SwitchableBatchNorm(c.OutChannels, precisions);
            }

            if (layer is LinearSpec l)
                _weights[l.Name] = Normal(random, Math.Sqrt(1.0 / l.InFeatures), l.OutFeatures, l.InFeatures);
        }

        _bias = Shared.Own(zeros(spec.Classes));
    }

    private SwitchableNet(SwitchableNet original)
    {
        Spec = original.Spec;
        Precisions = original.Precisions;
        Quantizer = original.Quantizer;
        foreach ((string name, Parameter weights) in original._weights)
        {
            _weights[name] = Shared.Leaf(weights);
        }

        foreach ((string name, SwitchableBatchNorm norm) in original._norms)
        {
            _norms[name] = norm.Replicate();
        }

        foreach ((string name, ILayerQuantizer quantizer) in original._quantizers)
        {
            _quantizers[name] = quantizer.Replicate();
        }

        _bias = Shared.Leaf(original._bias);
    }

    /// <summary>Layers.</summary>
    public NetSpec Spec { get; }

    /// <summary>Bit-widths it runs at, ascending.</summary>
    public IReadOnlyList<Precision> Precisions { get; }

    /// <summary>How weights and activations are rounded.</summary>
    public IQuantizer Quantizer { get; }

    /// <summary>Master weights, which weight decay pulls to zero.</summary>
    public IReadOnlyList<Parameter> Weights => [.. _weights.Values];

    /// <summary>Batch norms, what the quantiser learns, and the classifier's bias, which it leaves alone.</summary>
    public IReadOnlyList<Parameter> Undecayed =>
        [.. _norms.Values.SelectMany(n => n.Parameters), .. _quantizers.Values.SelectMany(q => q.Parameters), _bias];

    /// <summary>Scores of a batch.</summary>
    /// <param name="images">[n, channels, height, width], pixels / 255; channels-last is fastest.</param>
    /// <param name="precision">One of <see cref="Precisions"/>.</param>
    /// <param name="mode">What the pass is for.</param>
    /// <returns>Logits [n, classes], float32; belongs to the scope around the innermost one that is open, or to the caller.</returns>
    /// <exception cref="ArgumentException">The network was not built for that precision.</exception>
    public Tensor Forward(Tensor images, Precision precision, ForwardMode mode) => ForwardSeen(images, precision, mode, seen: null);

    /// <summary>As <see cref="Forward"/>, with each layer's tensor shown as soon as it is made.</summary>
    internal Tensor ForwardSeen(Tensor images, Precision precision, ForwardMode mode, Action<LayerSpec, Tensor>? seen)
    {
        if (!Precisions.Contains(precision))
            throw new ArgumentException($"The network runs at {string.Join(", ", Precisions)}, not at {precision}.", nameof(precision));
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> made = new(StringComparer.Ordinal) { [NetSpec.InputName] = images };
        foreach (LayerSpec layer in Spec.Layers)
        {
            made[layer.Name] = Run(layer, made, precision, mode);
            seen?.Invoke(layer, made[layer.Name]);
        }

        return made[Spec.Layers[^1].Name].MoveToOuterDisposeScope();
    }

    /// <summary>The same network on the same parameters, with gradients and running statistics of its own: one per thread.</summary>
    public SwitchableNet Replicate() => new(this);

    /// <summary>Bounds what the quantiser learns after a step of the optimiser.</summary>
    public void RestrainQuantizers()
    {
        foreach (ILayerQuantizer quantizer in _quantizers.Values)
        {
            quantizer.Restrain();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable part in (IEnumerable<IDisposable>)[.. _weights.Values, .. _norms.Values, .. _quantizers.Values, _bias])
        {
            part.Dispose();
        }
    }

    internal Parameter WeightsOf(LayerSpec layer) => _weights[layer.Name];

    internal Parameter Bias => _bias;

    /// <summary>Of one layer, what weight decay pulls to zero; nothing where it has no weights.</summary>
    internal IEnumerable<Parameter> DecayedOf(LayerSpec layer) => _weights.TryGetValue(layer.Name, out Parameter? weights) ? [weights] : [];

    /// <summary>Of one layer, what it leaves alone.</summary>
    internal IEnumerable<Parameter> UndecayedOf(LayerSpec layer) =>
    [
        .. _norms.TryGetValue(layer.Name, out SwitchableBatchNorm? norm) ? norm.Parameters : [],
        .. _quantizers.TryGetValue(layer.Name, out ILayerQuantizer? quantizer) ? quantizer.Parameters : [],
        .. layer is LinearSpec ? (Parameter[])[_bias] : [],
    ];

    internal SwitchableBatchNorm NormOf(ConvSpec layer) => _norms[layer.Name];

    /// <summary>Of a layer; one that picks among values of its input has the input's.</summary>
    internal ILayerQuantizer QuantizerOf(LayerSpec layer) =>
        layer is SelectionSpec selection ? QuantizerOf(Spec.Layers.First(l => l.Name == selection.Input)) : _quantizers[layer.Name];

    /// <summary>Passes over all that was learned and measured.</summary>
    internal void VisitState(IStateVisitor state)
    {
        foreach (Tensor weights in Spec.Layers.Where(l => _weights.ContainsKey(l.Name)).Select(WeightsOf))
        {
            state.Visit(weights);
        }

        state.Visit(_bias);
        VisitReplicaState(state);
    }

    /// <summary>Passes over what a replica has of its own: running statistics and ranges, and, since they are small, norms and steps again.</summary>
    internal void VisitReplicaState(IStateVisitor state)
    {
        foreach (LayerSpec layer in Spec.Layers.Where(l => l is not SelectionSpec))
        {
            if (layer is ConvSpec convolution)
                NormOf(convolution).VisitState(state);
            _quantizers[layer.Name].VisitState(state);
        }
    }

    internal void SetStatisticsMomentum(Precision precision, double momentum)
    {
        foreach (SwitchableBatchNorm norm in _norms.Values)
        {
            norm.SetMomentum(precision, momentum);
        }
    }

    /// <summary>Runs one layer on tensors by name.</summary>
    internal Tensor Run(LayerSpec layer, Dictionary<string, Tensor> made, Precision precision, ForwardMode mode)
    {
        ILayerQuantizer quantizer = QuantizerOf(layer);
        switch (layer)
        {
            case ConvSpec c:
                Tensor read = quantizer.Read(made[c.Input], precision, mode), weights = quantizer.Weights(_weights[c.Name], precision, mode);
                Tensor sums = nn.functional.conv2d(read, weights, null, [c.Stride, c.Stride], [c.Padding, c.Padding], groups: c.Groups);
                return quantizer.AfterNorm(sums, _norms[c.Name][precision], precision, mode);
            case MaxPoolSpec m:
                return nn.functional.max_pool2d(made[m.Input], m.Kernel, m.Stride, m.Padding);
            case ShuffleSpec s:
                return made[s.Input].channel_shuffle(s.Groups);
            case AddSpec { Relu: true } a:
                return quantizer.Round(nn.functional.relu(made[a.Left] + made[a.Right]), null, precision, mode);
            case AddSpec a:
                return quantizer.Round(made[a.Left], made[a.Right], precision, mode);
            case GlobalPoolSpec p:
                return quantizer.Round(made[p.Input].mean([2, 3]), null, precision, mode);
            case LinearSpec l:
                return nn.functional.linear(
                    quantizer.Read(made[l.Input], precision, mode), quantizer.Weights(_weights[l.Name], precision, mode), _bias);
            default:
                throw new ArgumentException($"Layer '{layer.Name}' is of an unknown kind, {layer.GetType().Name}.");
        }
    }

    internal static void ThrowIfUnusable(IReadOnlyList<Precision> precisions)
    {
        ArgumentNullException.ThrowIfNull(precisions);
        if (precisions.Count == 0)
            throw new ArgumentException("A network needs at least one precision.", nameof(precisions));
        for (int i = 0; i < precisions.Count; i++)
        {
            if (i > 0 && precisions[i] <= precisions[i - 1])
                throw new ArgumentException($"Precisions rise without repeats; {precisions[i]} follows {precisions[i - 1]}.", nameof(precisions));
        }
    }

    private static Parameter Normal(Random random, double deviation, params ReadOnlySpan<long> shape)
    {
        long count = 1;
        foreach (long size in shape)
        {
            count *= size;
        }

        float[] values = new float[count];
        for (int i = 0; i < values.Length; i++)
        {
            // Box and Muller, 1958.
            double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            values[i] = (float)(deviation * radius * Math.Cos(2 * Math.PI * random.NextDouble()));
        }

        return Shared.Own(tensor(values, shape));
    }
}
