using InstantNet.Contracts;
using InstantNet.Generation.Training.Checkpoints;

namespace InstantNet.Generation.Training;

/// <summary>One batch norm per precision: activations rounded to few bits have statistics of their own.</summary>
/// <remarks>Source: Yu et al., Slimmable Neural Networks, ICLR 2019, applied to bit-widths by Jin et al., AdaBits, CVPR 2020.</remarks>
internal sealed class SwitchableBatchNorm : IDisposable
{
    private readonly SortedDictionary<Precision, BatchNorm> _norms = [];

    public SwitchableBatchNorm(int channels, IEnumerable<Precision> precisions)
    {
        foreach (Precision precision in precisions)
        {
            _norms[precision] = new BatchNorm(
                Shared.Own(ones(channels)), Shared.Own(zeros(channels)), zeros(channels).DetachFromDisposeScope(), ones(channels).DetachFromDisposeScope());
        }
    }

    private SwitchableBatchNorm(SwitchableBatchNorm original)
    {
        foreach ((Precision precision, BatchNorm norm) in original._norms)
        {
            _norms[precision] = norm with
            {
                Weight = Shared.Leaf(norm.Weight),
                Bias = Shared.Leaf(norm.Bias),
                RunningMean = norm.RunningMean.clone().DetachFromDisposeScope(),
                RunningVariance = norm.RunningVariance.clone().DetachFromDisposeScope(),
            };
        }
    }

    /// <summary>Scales and shifts, lowest precision first.</summary>
    public IEnumerable<Parameter> Parameters => _norms.Values.SelectMany(n => new[] { n.Weight, n.Bias });

    public BatchNorm this[Precision precision] => _norms[precision];

    /// <summary>Sets how far one training batch moves the running statistics of a precision, 0..1.</summary>
    public void SetMomentum(Precision precision, double momentum) => _norms[precision] = _norms[precision] with { Momentum = momentum };

    /// <summary>Passes over scales, shifts and running statistics of every precision.</summary>
    public void VisitState(IStateVisitor state)
    {
        foreach (BatchNorm norm in _norms.Values)
        {
            state.Visit(norm.Weight);
            state.Visit(norm.Bias);
            state.Visit(norm.RunningMean);
            state.Visit(norm.RunningVariance);
        }
    }

    /// <summary>A norm on the same parameters, with gradients and running statistics of its own.</summary>
    public SwitchableBatchNorm Replicate() => new(this);

    public void Dispose()
    {
        foreach (BatchNorm norm in _norms.Values)
        {
            norm.Weight.Dispose();
            norm.Bias.Dispose();
            norm.RunningMean.Dispose();
            norm.RunningVariance.Dispose();
        }
    }
}
