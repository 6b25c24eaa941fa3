using InstantNet.Contracts;
using InstantNet.Generation.Networks;
using InstantNet.Torch;
using static InstantNet.Torch.torch;

namespace InstantNet.Generation.Training;

/// <summary>Learned clipping levels of one tensor, one per quantised precision; no level at 32 bits.</summary>
/// <remarks>
/// Source: Jin et al., AdaBits, CVPR 2020, section 3.3 (switchable clipping level); gradient of Esser et al., LSQ, ICLR 2020.
/// The gradient is a sum over every value of the tensor, so it is damped by the square root of the channels to compare with that of a
/// batch norm's shift, which sums over one channel.
/// </remarks>
internal sealed class SwitchableClip : IDisposable
{
    // One step may not move a level by more than this factor: a burst of gradient cannot collapse the grid or blow it up.
    private const float MaxFactorPerStep = 1.1f;

    // A level follows growing activations at once and shrinking ones by this part. Cutting values off would be worse than rounding them
    // coarsely: the student's scores fall short of its teachers', and the shared weights, pulled to make up for it, grow without end.
    private const float FallingPace = 0.1f;

    // Of a learning clip, against a batch norm's shift. Measured on Fashion-MNIST, 0.3 epochs: 1 gives 77.3 %, 8 gives 78.9 % at 4 bits.
    private const double LearningPace = 8;

    private readonly SortedDictionary<Precision, Level> _levels = [];
    private readonly double _damping;

    public SwitchableClip(NetSpec spec, string tensor, IEnumerable<Precision> precisions)
    {
        _damping = LearningPace / Math.Sqrt(spec.ShapeOf(tensor).Channels);
        bool isSigned = BitPlan.IsSigned(spec, tensor);
        foreach (Precision precision in precisions)
        {
            QuantizationGrid grid = new(BitPlan.Activation(spec, tensor, precision), isSigned);
            Tensor? clip = precision.IsFloat ? null : ones(1).requires_grad_().DetachFromDisposeScope();
            _levels[precision] = new Level(grid, clip) { Last = 1 };
        }
    }

    private SwitchableClip(SwitchableClip original)
    {
        _damping = original._damping;
        foreach ((Precision precision, Level level) in original._levels)
        {
            _levels[precision] = level with { Clip = level.Clip is null ? null : Shared.Leaf(level.Clip) };
        }
    }

    /// <summary>Levels, lowest precision first.</summary>
    public IEnumerable<Tensor> Parameters => _levels.Values.Where(l => l.Clip is not null).Select(l => l.Clip!);

    /// <summary>Batch norm, ReLU if asked, rounding.</summary>
    public Tensor AfterNorm(Tensor input, BatchNorm norm, Precision precision, ForwardMode mode, bool relu)
    {
        Level level = _levels[precision];
        bool training = mode != ForwardMode.Inference;
        if (level.Clip is null || mode == ForwardMode.FittingClips)
        {
            Tensor plain = FusedOperators.NormalizeActivate(input, norm, training, relu, null, level.Grid with { Bits = Precision.MaxBits });
            return level.Clip is null ? plain : Round(plain, null, precision, mode);
        }

        return FusedOperators.NormalizeActivate(input, norm, training, relu, level.Clip, level.Grid, _damping);
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

        return FusedOperators.QuantizeActivation(input, addend, level.Clip, level.Grid, _damping);
    }

    /// <summary>Bounds what the optimiser just did; a level stays positive.</summary>
    public void Restrain()
    {
        foreach (Level level in _levels.Values)
        {
            if (level.Clip is null)
                continue;
            Span<float> value = level.Clip.data<float>();
            value[0] = Math.Clamp(value[0], level.Last / MaxFactorPerStep, level.Last * MaxFactorPerStep);
            level.Last = value[0];
        }
    }

    /// <summary>The grid as the device will use it.</summary>
    /// <exception cref="InvalidOperationException">32 bits have no grid.</exception>
    public ActivationQuantizer Quantizer(Precision precision)
    {
        Level level = _levels[precision];
        if (level.Clip is null)
            throw new InvalidOperationException($"There is no grid at {precision}.");
        QuantizationGrid grid = level.Grid;
        return new ActivationQuantizer(level.Clip.ToSingle() / grid.StepsToClip, grid.IsSigned ? grid.StepsToClip : 0, grid.Bits);
    }

    /// <summary>The same levels with gradients of their own.</summary>
    public SwitchableClip Replicate() => new(this);

    public void Dispose()
    {
        foreach (Tensor clip in Parameters)
        {
            clip.Dispose();
        }
    }

    private sealed record Level(QuantizationGrid Grid, Tensor? Clip)
    {
        private bool _fitted;

        public float Last { get; set; }

        public void Fit(float best)
        {
            Last = _fitted && best < Last ? Last + FallingPace * (best - Last) : best;
            _fitted = true;
            Clip!.data<float>()[0] = Last;
        }
    }
}
