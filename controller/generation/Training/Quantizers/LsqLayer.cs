using InstantNet.Contracts;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Training.Checkpoints;

namespace InstantNet.Generation.Training.Quantizers;

/// <summary>Steps of one layer, by precision; see <see cref="LsqQuantizer"/>.</summary>
internal sealed class LsqLayer : ILayerQuantizer
{
    private readonly Dictionary<Precision, LearnedWeightStep> _weights = [];
    private readonly Dictionary<Precision, LearnedActivationStep> _made = [];

    public LsqLayer(NetSpec spec, LayerSpec layer, IReadOnlyList<Precision> precisions)
    {
        foreach (Precision precision in precisions)
        {
            if (layer is ConvSpec or LinearSpec && BitPlan.Weights(layer, precision) is < Precision.MaxBits and var bits)
                _weights[precision] = new LearnedWeightStep(bits);
            if (layer is not LinearSpec)
                _made[precision] = new LearnedActivationStep(
                    new QuantizationGrid(BitPlan.Activation(spec, layer.Name, precision), BitPlan.IsSigned(spec, layer.Name)), spec.ShapeOf(layer.Name).Count);
        }
    }

    private LsqLayer(LsqLayer original)
    {
        foreach ((Precision precision, LearnedWeightStep step) in original._weights)
        {
            _weights[precision] = step.Replicate();
        }

        foreach ((Precision precision, LearnedActivationStep step) in original._made)
        {
            _made[precision] = step.Replicate();
        }
    }

    /// <inheritdoc/>
    public IEnumerable<Parameter> Parameters => Steps.Select(s => s.Tensor);

    private IEnumerable<PositiveParameter> Steps =>
        _weights.OrderBy(w => w.Key).Select(w => w.Value.Step).Concat(_made.OrderBy(m => m.Key).Select(m => m.Value.Step).OfType<PositiveParameter>());

    /// <inheritdoc/>
    public Tensor Read(Tensor input, Precision precision, ForwardMode mode) => input;

    /// <inheritdoc/>
    public Tensor Weights(Tensor master, Precision precision, ForwardMode mode) =>
        _weights.TryGetValue(precision, out LearnedWeightStep? step) ? step.Round(master, mode) : master;

    /// <inheritdoc/>
    public Tensor AfterNorm(Tensor sums, BatchNorm norm, Precision precision, ForwardMode mode) => _made[precision].AfterNorm(sums, norm, mode);

    /// <inheritdoc/>
    public Tensor Round(Tensor made, Tensor? addend, Precision precision, ForwardMode mode) => _made[precision].Round(made, addend, mode);

    /// <inheritdoc/>
    public void Restrain()
    {
        foreach (PositiveParameter step in Steps)
        {
            step.Restrain();
        }
    }

    /// <inheritdoc/>
    public void Adopt(IReadOnlyList<ILayerQuantizer> replicas)
    {
        // Steps are parameters, which replicas share.
    }

    /// <inheritdoc/>
    public void VisitState(IStateVisitor state)
    {
        foreach ((_, LearnedWeightStep step) in _weights.OrderBy(w => w.Key))
        {
            step.VisitState(state);
        }

        foreach ((_, LearnedActivationStep step) in _made.OrderBy(m => m.Key))
        {
            step.VisitState(state);
        }
    }

    /// <inheritdoc/>
    public LayerGrids Grids(Precision precision) => new(
        _made.TryGetValue(precision, out LearnedActivationStep? made) ? made.Quantizer : null,
        _weights.TryGetValue(precision, out LearnedWeightStep? weights) ? weights.Step.Value : null);

    /// <inheritdoc/>
    public ILayerQuantizer Replicate() => new LsqLayer(this);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PositiveParameter step in Steps)
        {
            step.Dispose();
        }
    }
}
