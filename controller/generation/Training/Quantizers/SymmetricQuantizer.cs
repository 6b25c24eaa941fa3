using InstantNet.Contracts;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Training.Checkpoints;

namespace InstantNet.Generation.Training.Quantizers;

/// <summary>
/// Weights on a symmetric grid of each output channel, scale max|w| / (2^(b-1) - 1); activations unsigned after ReLU and signed elsewhere, zero on
/// the grid, clip learned per tensor and precision.
/// </summary>
/// <remarks>Source of the clip: Jin et al., AdaBits, CVPR 2020, section 3.3. Everything runs in fused operators.</remarks>
public sealed class SymmetricQuantizer : IQuantizer
{
    /// <inheritdoc/>
    public string Name => "symmetric";

    /// <inheritdoc/>
    public Deployment Deployment => Deployment.Exact;

    /// <inheritdoc/>
    public ILayerQuantizer ForLayer(NetSpec spec, LayerSpec layer, IReadOnlyList<Precision> precisions) =>
        new Layer(layer, layer is LinearSpec ? null : new SwitchableClip(spec, layer.Name, precisions));

    private sealed class Layer(LayerSpec layer, SwitchableClip? clip) : ILayerQuantizer
    {
        public IEnumerable<Parameter> Parameters => clip?.Parameters ?? [];

        private SwitchableClip Clip => clip ?? throw new InvalidOperationException($"Layer '{layer.Name}' makes scores, which are not rounded.");

        public Tensor Read(Tensor input, Precision precision, ForwardMode mode) => input;

        public Tensor Weights(Tensor master, Precision precision, ForwardMode mode)
        {
            int bits = BitPlan.Weights(layer, precision);
            return bits == Precision.MaxBits ? master : FusedOperators.QuantizeWeights(master, bits);
        }

        public Tensor AfterNorm(Tensor sums, BatchNorm norm, Precision precision, ForwardMode mode) => Clip.AfterNorm(sums, norm, precision, mode);

        public Tensor Round(Tensor made, Tensor? addend, Precision precision, ForwardMode mode) => Clip.Round(made, addend, precision, mode);

        public void Restrain() => clip?.Restrain();

        public void Adopt(IReadOnlyList<ILayerQuantizer> replicas)
        {
            // Clips are parameters, which replicas share.
        }

        public void VisitState(IStateVisitor state) => clip?.VisitState(state);

        public LayerGrids Grids(Precision precision) => new(clip?.Quantizer(precision), WeightStep: null);

        public ILayerQuantizer Replicate() => new Layer(layer, clip?.Replicate());

        public void Dispose() => clip?.Dispose();
    }
}
