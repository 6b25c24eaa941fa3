using InstantNet.Generation.Training.Checkpoints;

namespace InstantNet.Generation.Training.Quantizers;

/// <summary>LSQ's step of one layer's weights at one precision, codes ±(2^(bits-1) - 1).</summary>
internal sealed class LearnedWeightStep
{
    private readonly int _bits;
    private bool _fitted;

    public LearnedWeightStep(int bits)
        : this(bits, new PositiveParameter(1f / MaxCodeOf(bits)))
    {
    }

    private LearnedWeightStep(int bits, PositiveParameter step)
    {
        _bits = bits;
        Step = step;
    }

    public PositiveParameter Step { get; }

    /// <summary>Rounds master weights; a pass that fits clips sets the step first, once.</summary>
    public Tensor Round(Tensor master, ForwardMode mode)
    {
        int maxCode = MaxCodeOf(_bits);
        if (mode == ForwardMode.FittingClips && !_fitted)
        {
            // Magnitudes of codes -q..q are the codes 0..q of an unsigned grid of one bit less.
            Step.Value = FusedOperators.BestClip(master.detach().abs(), new QuantizationGrid(_bits - 1, IsSigned: false)) / maxCode;
            _fitted = true;
        }

        double damping = 1 / Math.Sqrt((double)master.numel() * maxCode);
        return FusedOperators.RoundToSteps(master, Step.Tensor, null, -maxCode, maxCode, StraightThrough.InsideRange, damping);
    }

    public void VisitState(IStateVisitor state)
    {
        Step.VisitState(state);
        state.Visit(ref _fitted);
    }

    public LearnedWeightStep Replicate() => new(_bits, Step.Replicate());

    private static int MaxCodeOf(int bits) => (1 << (bits - 1)) - 1;
}
