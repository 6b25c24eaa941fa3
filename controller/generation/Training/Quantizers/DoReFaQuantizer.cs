using InstantNet.Contracts;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Training.Checkpoints;

namespace InstantNet.Generation.Training.Quantizers;

/// <summary>
/// Weights pass through tanh, are stretched to -1..1 by the layer's largest and take one of 2^b evenly spaced values; activations are clipped to
/// 0..1. The first convolution's and the classifier's weights stay float.
/// </summary>
/// <remarks>
/// Source: Zhou et al., DoReFa-Net, 2016 (arXiv:1606.06160), equations 5, 9 and 11 and section 2.7. The paper knows no tensor that may be
/// negative; what a layer without ReLU makes is clipped to -1..1 here.
/// </remarks>
public sealed class DoReFaQuantizer : IQuantizer
{
    /// <inheritdoc/>
    public string Name => "dorefa";

    /// <inheritdoc/>
    public Deployment Deployment { get; } = new(
        "its weights have no code for 0: as whole numbers they are odd, up to ±(2^b - 1), which int8 does not hold at 8 bits, and its first and last layers stay float");

    /// <inheritdoc/>
    public ILayerQuantizer ForLayer(NetSpec spec, LayerSpec layer, IReadOnlyList<Precision> precisions) => new Layer(spec, layer);

    /// <summary>The weights at so many bits; the gradient passes the rounding, not the tanh and the stretching.</summary>
    internal static Tensor RoundWeights(Tensor master, int bits)
    {
        int maxCode = (1 << bits) - 1;
        Tensor bent = master.tanh();
        long[] all = [.. Enumerable.Range(0, master.shape.Length).Select(d => (long)d)];
        Tensor largest = bent.abs().amax(all, keepdim: true);
        Tensor unit = bent / (largest * 2) + 0.5;
        return FusedOperators.RoundToSteps(unit, full([1], 1.0 / maxCode), null, 0, maxCode, StraightThrough.Everywhere) * 2 + -1;
    }

    private sealed class Layer(NetSpec spec, LayerSpec layer) : ILayerQuantizer
    {
        private readonly Tensor _one = ones(1).DetachFromDisposeScope();

        public IEnumerable<Parameter> Parameters => [];

        public Tensor Read(Tensor input, Precision precision, ForwardMode mode) => input;

        public Tensor Weights(Tensor master, Precision precision, ForwardMode mode)
        {
            bool isFloat = layer is LinearSpec or ConvSpec { Edge: true } || BitPlan.Weights(layer, precision) == Precision.MaxBits;
            return isFloat ? master : RoundWeights(master, BitPlan.Weights(layer, precision));
        }

        public Tensor AfterNorm(Tensor sums, BatchNorm norm, Precision precision, ForwardMode mode)
        {
            QuantizationGrid grid = Grid(precision);
            return FusedOperators.NormalizeActivate(
                sums, norm, mode != ForwardMode.Inference, relu: !grid.IsSigned, grid.Bits == Precision.MaxBits ? null : _one, grid);
        }

        public Tensor Round(Tensor made, Tensor? addend, Precision precision, ForwardMode mode)
        {
            QuantizationGrid grid = Grid(precision);
            if (grid.Bits == Precision.MaxBits)
                return addend is null ? made : made + addend;
            return FusedOperators.QuantizeActivation(made, addend, _one, grid);
        }

        public void Restrain()
        {
            // Nothing is learned here.
        }

        public void Adopt(IReadOnlyList<ILayerQuantizer> replicas)
        {
            // Nothing is measured here.
        }

        public void VisitState(IStateVisitor state)
        {
            // Nothing is kept here.
        }

        public LayerGrids Grids(Precision precision) => default;

        public ILayerQuantizer Replicate() => new Layer(spec, layer);

        public void Dispose() => _one.Dispose();

        private QuantizationGrid Grid(Precision precision) =>
            new(BitPlan.Activation(spec, layer.Name, precision), BitPlan.IsSigned(spec, layer.Name));
    }
}
