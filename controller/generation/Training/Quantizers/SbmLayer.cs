using InstantNet.Contracts;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Training.Checkpoints;

namespace InstantNet.Generation.Training.Quantizers;

/// <summary>Ranges of one layer; see <see cref="SbmQuantizer"/>.</summary>
internal sealed class SbmLayer : ILayerQuantizer
{
    // Part of a running range that a batch leaves. The authors' modules ask for a momentum of 0.1, which their formula reads as this.
    private const float Kept = 0.1f;

    // The authors' floor: a channel without any spread must not divide by zero.
    private const float SmallestStep = 1e-8f;

    private readonly LayerSpec _layer;
    private readonly bool _isFloat;
    private readonly float[] _lowest;
    private readonly float[] _range;

    /// <param name="layer">Layer.</param>
    /// <param name="isFloat">Whether it is one of those that stay float at every precision.</param>
    public SbmLayer(LayerSpec layer, bool isFloat)
    {
        _layer = layer;
        _isFloat = isFloat;
        int ranges = layer is ConvSpec { IsDepthwise: true } c ? c.InChannels : 1;
        _lowest = new float[ranges];
        _range = new float[ranges];
    }

    /// <inheritdoc/>
    public IEnumerable<Parameter> Parameters => [];

    /// <summary>Running lowest value, one of the tensor or one of each channel.</summary>
    public IReadOnlyList<float> Lowest => _lowest;

    /// <summary>Running distance from the lowest to the highest value.</summary>
    public IReadOnlyList<float> Range => _range;

    /// <inheritdoc/>
    public Tensor Read(Tensor input, Precision precision, ForwardMode mode)
    {
        int bits = BitsAt(precision);
        if (bits == Precision.MaxBits)
            return input;
        if (mode == ForwardMode.Inference)
            return Round(input, _lowest, _range, [1, _lowest.Length, 1, 1], bits);
        (float[] lowest, float[] range) = Extent(input, _lowest.Length > 1 ? [0, 2, 3] : [0, 1, 2, 3]);
        for (int i = 0; i < lowest.Length && mode == ForwardMode.Training; i++)
        {
            _lowest[i] = (Kept * _lowest[i]) + ((1 - Kept) * lowest[i]);
            _range[i] = (Kept * _range[i]) + ((1 - Kept) * range[i]);
        }

        return Round(input, lowest, range, [1, lowest.Length, 1, 1], bits);
    }

    /// <inheritdoc/>
    public Tensor Weights(Tensor master, Precision precision, ForwardMode mode)
    {
        int bits = BitsAt(precision);
        if (bits == Precision.MaxBits)
            return master;
        (float[] lowest, float[] range) = Extent(master, [1, 2, 3]);
        return Round(master, lowest, range, [lowest.Length, 1, 1, 1], bits);
    }

    /// <inheritdoc/>
    public Tensor AfterNorm(Tensor sums, BatchNorm norm, Precision precision, ForwardMode mode)
    {
        bool relu = _layer is ConvSpec { Relu: true };
        return FusedOperators.NormalizeActivate(sums, norm, mode != ForwardMode.Inference, relu, null, new QuantizationGrid(Precision.MaxBits, !relu));
    }

    /// <inheritdoc/>
    public Tensor Round(Tensor made, Tensor? addend, Precision precision, ForwardMode mode) => addend is null ? made : made + addend;

    /// <inheritdoc/>
    public void Restrain()
    {
        // Nothing is learned here.
    }

    /// <inheritdoc/>
    public void Adopt(IReadOnlyList<ILayerQuantizer> replicas)
    {
        for (int i = 0; i < _range.Length; i++)
        {
            _lowest[i] = replicas.OfType<SbmLayer>().Average(r => r._lowest[i]);
            _range[i] = replicas.OfType<SbmLayer>().Average(r => r._range[i]);
        }
    }

    /// <inheritdoc/>
    public void VisitState(IStateVisitor state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Visit(_lowest);
        state.Visit(_range);
    }

    /// <inheritdoc/>
    public LayerGrids Grids(Precision precision) => default;

    /// <inheritdoc/>
    public ILayerQuantizer Replicate()
    {
        SbmLayer replica = new(_layer, _isFloat);
        _lowest.CopyTo(replica._lowest, 0);
        _range.CopyTo(replica._range, 0);
        return replica;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Ranges are plain numbers.
    }

    private int BitsAt(Precision precision) => _isFloat ? Precision.MaxBits : BitPlan.Weights(_layer, precision);

    private static (float[] Lowest, float[] Range) Extent(Tensor values, ReadOnlySpan<long> dimensions)
    {
        Tensor plain = values.detach();
        float[] lowest = plain.amin(dimensions).contiguous().Elements<float>().ToArray(), range = plain.amax(dimensions).contiguous().Elements<float>().ToArray();
        for (int i = 0; i < range.Length; i++)
        {
            range[i] -= lowest[i];
        }

        return (lowest, range);
    }

    private static Tensor Round(Tensor values, float[] lowest, float[] range, ReadOnlySpan<long> shape, int bits)
    {
        float maxCode = (1 << bits) - 1;
        float[] steps = [.. range.Select(r => MathF.Max(r / maxCode, SmallestStep))];
        return FusedOperators.RoundToSteps(values, tensor(steps, shape), tensor(lowest, shape), 0, maxCode, StraightThrough.Everywhere);
    }
}
