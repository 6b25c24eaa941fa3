using InstantNet.Contracts;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Training;
using InstantNet.Generation.Training.Checkpoints;
using InstantNet.Generation.Training.Quantizers;

namespace InstantNet.Bench.Train;

/// <summary>
/// The mathematics of <see cref="SymmetricQuantizer"/> in <see cref="ComposedOperators"/>, as it is written in Python: what the fused operators are
/// measured against.
/// </summary>
internal sealed class ComposedQuantizer : IQuantizer
{
    public string Name => "composed";

    public Deployment Deployment => Deployment.Exact;

    public ILayerQuantizer ForLayer(NetSpec spec, LayerSpec layer, IReadOnlyList<Precision> precisions) => new ComposedLayer(spec, layer, precisions);

    private sealed class ComposedLayer : ILayerQuantizer
    {
        private readonly LayerSpec _layer;
        private readonly bool _relu;
        private readonly double _damping;
        private readonly Dictionary<Precision, (QuantizationGrid Grid, PositiveParameter? Clip)> _levels = [];

        public ComposedLayer(NetSpec spec, LayerSpec layer, IReadOnlyList<Precision> precisions)
        {
            _layer = layer;
            _relu = !BitPlan.IsSigned(spec, layer.Name);
            _damping = SwitchableClip.LearningPace / Math.Sqrt(spec.ShapeOf(layer.Name).Channels);
            foreach (Precision precision in precisions)
            {
                int bits = layer is LinearSpec ? Precision.MaxBits : BitPlan.Activation(spec, layer.Name, precision);
                _levels[precision] = (new QuantizationGrid(bits, !_relu), bits == Precision.MaxBits ? null : new PositiveParameter(1));
            }
        }

        public IEnumerable<Parameter> Parameters => _levels.OrderBy(l => l.Key).Where(l => l.Value.Clip is not null).Select(l => l.Value.Clip!.Tensor);

        public Tensor Read(Tensor input, Precision precision, ForwardMode mode) => input;

        public Tensor Weights(Tensor master, Precision precision, ForwardMode mode)
        {
            int bits = BitPlan.Weights(_layer, precision);
            return bits == Precision.MaxBits ? master : ComposedOperators.QuantizeWeights(master, bits);
        }

        public Tensor AfterNorm(Tensor sums, BatchNorm norm, Precision precision, ForwardMode mode)
        {
            Tensor made = ComposedOperators.NormalizeActivate(
                sums, norm, mode != ForwardMode.Inference, _relu, null, new QuantizationGrid(Precision.MaxBits, !_relu));
            return Round(made, null, precision, mode);
        }

        public Tensor Round(Tensor made, Tensor? addend, Precision precision, ForwardMode mode)
        {
            (QuantizationGrid grid, PositiveParameter? clip) = _levels[precision];
            Tensor values = addend is null ? made : made + addend;
            if (clip is null)
                return values;
            if (mode == ForwardMode.FittingClips)
                clip.Value = ComposedOperators.BestClip(values, grid);
            return ComposedOperators.QuantizeActivation(values, null, clip.Tensor, grid, _damping);
        }

        public void Restrain()
        {
            foreach ((_, PositiveParameter? clip) in _levels.Values)
            {
                clip?.Restrain();
            }
        }

        public void Adopt(IReadOnlyList<ILayerQuantizer> replicas)
        {
            // Nothing is measured here but by the pass that fits clips.
        }

        public void VisitState(IStateVisitor state)
        {
            foreach ((_, (QuantizationGrid _, PositiveParameter? clip)) in _levels.OrderBy(l => l.Key))
            {
                clip?.VisitState(state);
            }
        }

        public LayerGrids Grids(Precision precision) => default;

        public ILayerQuantizer Replicate() => throw new NotSupportedException("Operators bring their own threads here: there are no replicas.");

        public void Dispose()
        {
            foreach ((_, PositiveParameter? clip) in _levels.Values)
            {
                clip?.Dispose();
            }
        }
    }
}
