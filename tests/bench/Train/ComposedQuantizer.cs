using InstantNet.Contracts;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Training;
using InstantNet.Generation.Training.Checkpoints;
using InstantNet.Generation.Training.Quantizers;
using InstantNet.Torch;
using static InstantNet.Torch.torch;
using static InstantNet.Torch.torch.nn;

namespace InstantNet.Bench.Train;

/// <summary>
/// The mathematics of <see cref="SymmetricQuantizer"/> out of libtorch's elementary operators, each a pass over memory of its own, as it is written
/// in Python: what the fused operators are measured against.
/// </summary>
internal sealed class ComposedQuantizer : IQuantizer
{
    public string Name => "composed";

    public Deployment Deployment => Deployment.Exact;

    public ILayerQuantizer ForLayer(NetSpec spec, LayerSpec layer, IReadOnlyList<Precision> precisions) => new ComposedLayer(spec, layer, precisions);

    /// <summary>Whole codes in place of numbers, with the gradient of the numbers.</summary>
    private static Tensor Round(Tensor codes) => codes + (codes.round() - codes).detach();

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

        public IEnumerable<Tensor> Parameters => _levels.OrderBy(l => l.Key).Where(l => l.Value.Clip is not null).Select(l => l.Value.Clip!.Tensor);

        public Tensor Read(Tensor input, Precision precision, ForwardMode mode) => input;

        public Tensor Weights(Tensor master, Precision precision, ForwardMode mode)
        {
            int bits = BitPlan.Weights(_layer, precision);
            if (bits == Precision.MaxBits)
                return master;
            Tensor plain = master.detach();
            Tensor peaks = plain.abs().amax([.. Enumerable.Range(1, plain.shape.Length - 1).Select(d => (long)d)]);
            long[] perChannel = [plain.shape[0], .. Enumerable.Repeat(1L, plain.shape.Length - 1)];
            Tensor scale = peaks.reshape(perChannel) * (1.0 / ((1 << (bits - 1)) - 1));
            return master + ((plain / scale).round() * scale - plain);
        }

        public Tensor AfterNorm(Tensor sums, BatchNorm norm, Precision precision, ForwardMode mode)
        {
            Tensor made = functional.batch_norm(
                sums, norm.RunningMean, norm.RunningVariance, norm.Weight, norm.Bias, mode != ForwardMode.Inference, norm.Momentum, norm.Epsilon);
            return Round(_relu ? functional.relu(made) : made, null, precision, mode);
        }

        public Tensor Round(Tensor made, Tensor? addend, Precision precision, ForwardMode mode)
        {
            (QuantizationGrid grid, PositiveParameter? clip) = _levels[precision];
            Tensor values = addend is null ? made : made + addend;
            if (clip is null)
                return values;
            if (mode == ForwardMode.FittingClips)
                clip.Value = FusedOperators.BestClip(values, grid);
            Tensor step = clip.Tensor * (1.0 / grid.StepsToClip);
            Tensor damped = step * _damping + step.detach() * (1 - _damping);
            (double low, double high) = grid.IsSigned ? (-grid.StepsToClip, grid.StepsToClip - 1) : (0, grid.StepsToClip);
            return ComposedQuantizer.Round((values / damped).clamp(low, high)) * damped;
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
