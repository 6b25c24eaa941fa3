using InstantNet.Contracts;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Training.Checkpoints;

namespace InstantNet.Generation.Training.Quantizers;

/// <summary>Learned clipping levels of one tensor, one per quantised precision; no level where values stay float.</summary>
/// <remarks>
/// Source: Jin et al., AdaBits, CVPR 2020, section 3.3 (switchable clipping level); gradient of Esser et al., LSQ, ICLR 2020.
/// The gradient is a sum over every value of the tensor, so it is damped by the square root of the channels to compare with that of a
/// batch norm's shift, which sums over one channel.
/// </remarks>
internal sealed class SwitchableClip : IDisposable
{
    // A level follows growing activations at once and shrinking ones by this part. Cutting values off would be worse than rounding them
    // coarsely: the student's scores fall short of its teachers', and the shared weights, pulled to make up for it, grow without end.
    private const float FallingPace = 0.1f;

    // Of a learning clip, against a batch norm's shift. Measured on Fashion-MNIST, 0.3 epochs: 1 gives 77.3 %, 8 gives 78.9 % at 4 bits.
    internal const double LearningPace = 8;

    private readonly SortedDictionary<Precision, Level> _levels = [];
    private readonly double _damping;

    public SwitchableClip(NetSpec spec, string tensor, IEnumerable<Precision> precisions)
    {
        _damping = LearningPace / Math.Sqrt(spec.ShapeOf(tensor).Channels);
        bool isSigned = BitPlan.IsSigned(spec, tensor);
        foreach (Precision precision in precisions)
        {
            QuantizationGrid grid = new(BitPlan.Activation(spec, tensor, precision), isSigned);
            _levels[precision] = new Level(grid, grid.Bits == Precision.MaxBits ? null : new PositiveParameter(1));
        }
    }

    private SwitchableClip(SwitchableClip original)
    {
        _damping = original._damping;
        foreach ((Precision precision, Level level) in original._levels)
        {
            _levels[precision] = level with { Clip = level.Clip?.Replicate() };
        }
    }

    /// <summary>Levels, lowest precision first.</summary>
    public IEnumerable<Parameter> Parameters => _levels.Values.Where(l => l.Clip is not null).Select(l => l.Clip!.Tensor);

    /// <summary>Batch norm, ReLU where the tensor is unsigned, rounding.</summary>
    public Tensor AfterNorm(Tensor input, BatchNorm norm, Precision precision, ForwardMode mode)
    {
        Level level = _levels[precision];
        bool training = mode != ForwardMode.Inference, relu = !level.Grid.IsSigned;
        if (level.Clip is null || mode == ForwardMode.FittingClips)
        {
            Tensor plain = FusedOperators.NormalizeActivate(input, norm, training, relu, null, level.Grid with { Bits = Precision.MaxBits });
            return level.Clip is null ? plain : Round(plain, null, precision, mode);
        }

        return FusedOperators.NormalizeActivate(input, norm, training, relu, level.Clip.Tensor, level.Grid, _damping);
    }

    /// <summary>Rounds a tensor, or the sum of two.</summary>
    public Tensor Round(Tensor input, Tensor? addend, Precision precision, ForwardMode mode)
    {
        Level level = _levels[precision];
        if (level.Clip is null)
            return addend is null ? input : input + addend;
        if (mode == ForwardMode.FittingClips)
        {
            level.Fit(FusedOperators.BestClip(addend is null ? input : input + addend, level.Grid));
        }

        return FusedOperators.QuantizeActivation(input, addend, level.Clip.Tensor, level.Grid, _damping);
    }

    /// <summary>Bounds what the optimiser just did; a level stays positive.</summary>
    public void Restrain()
    {
        foreach (Level level in _levels.Values)
        {
            level.Clip?.Restrain();
        }
    }

    /// <summary>Passes over levels, and whether they were fitted.</summary>
    public void VisitState(IStateVisitor state)
    {
        foreach (Level level in _levels.Values)
        {
            level.VisitState(state);
        }
    }

    /// <summary>The grid as the device will use it; null where values stay float.</summary>
    public ActivationQuantizer? Quantizer(Precision precision)
    {
        Level level = _levels[precision];
        return level.Clip is null ? null : level.Grid.ToQuantizer(level.Clip.Value / level.Grid.StepsToClip);
    }

    /// <summary>The same levels with gradients of their own.</summary>
    public SwitchableClip Replicate() => new(this);

    public void Dispose()
    {
        foreach (Level level in _levels.Values)
        {
            level.Clip?.Dispose();
        }
    }

    private sealed record Level(QuantizationGrid Grid, PositiveParameter? Clip)
    {
        private bool _fitted;

        public void VisitState(IStateVisitor state)
        {
            Clip?.VisitState(state);
            state.Visit(ref _fitted);
        }

        public void Fit(float best)
        {
            float last = Clip!.Value;
            Clip.Value = _fitted && best < last ? last + FallingPace * (best - last) : best;
            _fitted = true;
        }
    }
}
