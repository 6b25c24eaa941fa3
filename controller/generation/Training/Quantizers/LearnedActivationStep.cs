using InstantNet.Contracts;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Training.Checkpoints;

namespace InstantNet.Generation.Training.Quantizers;

/// <summary>LSQ's step of the tensor that one layer makes, at one precision; none where values stay float.</summary>
internal sealed class LearnedActivationStep
{
    private readonly QuantizationGrid _grid;
    private readonly double _damping;
    private bool _fitted;

    /// <param name="grid">Codes.</param>
    /// <param name="features">Values of the tensor for one image.</param>
    public LearnedActivationStep(QuantizationGrid grid, int features)
    {
        _grid = grid;
        if (grid.Bits == Precision.MaxBits)
            return;
        double maxCode = grid.IsSigned ? grid.StepsToClip - 1 : grid.StepsToClip;
        _damping = 1 / Math.Sqrt(features * maxCode);
        Step = new PositiveParameter(1f / grid.StepsToClip);
    }

    private LearnedActivationStep(LearnedActivationStep original)
    {
        _grid = original._grid;
        _damping = original._damping;
        Step = original.Step?.Replicate();
    }

    public PositiveParameter? Step { get; }

    public ActivationQuantizer? Quantizer => Step is null ? null : _grid.ToQuantizer(Step.Value);

    /// <summary>Batch norm, ReLU where the tensor is unsigned, rounding.</summary>
    public Tensor AfterNorm(Tensor sums, BatchNorm norm, ForwardMode mode)
    {
        bool training = mode != ForwardMode.Inference, relu = !_grid.IsSigned;
        if (Step is null || (mode == ForwardMode.FittingClips && !_fitted))
        {
            Tensor plain = FusedOperators.NormalizeActivate(sums, norm, training, relu, null, _grid with { Bits = Precision.MaxBits });
            return Round(plain, null, mode);
        }

        return FusedOperators.NormalizeActivate(sums, norm, training, relu, Clip(Step), _grid, _damping);
    }

    /// <summary>Rounds a tensor, or the sum of two; a pass that fits clips sets the step first, once.</summary>
    public Tensor Round(Tensor made, Tensor? addend, ForwardMode mode)
    {
        if (Step is null)
            return addend is null ? made : made + addend;
        if (mode == ForwardMode.FittingClips && !_fitted)
        {
            Step.Value = FusedOperators.BestClip(addend is null ? made : made + addend, _grid) / _grid.StepsToClip;
            _fitted = true;
        }

        return FusedOperators.QuantizeActivation(made, addend, Clip(Step), _grid, _damping);
    }

    public void VisitState(IStateVisitor state)
    {
        Step?.VisitState(state);
        state.Visit(ref _fitted);
    }

    public LearnedActivationStep Replicate() => new(this);

    // The fused operators know a clip; as a product, its gradient becomes the step's own.
    private Tensor Clip(PositiveParameter step) => step.Tensor * _grid.StepsToClip;
}
