using InstantNet.Generation.Training.Checkpoints;

namespace InstantNet.Generation.Training.Quantizers;

/// <summary>A positive number that the optimiser learns: a clip or a step.</summary>
internal sealed class PositiveParameter : IDisposable
{
    // One step may not move it by more than this factor: a burst of gradient cannot collapse a grid or blow it up.
    private const float MaxFactorPerStep = 1.1f;

    private float _last;

    public PositiveParameter(float value)
    {
        Tensor = Shared.Own(full([1], value));
        _last = value;
    }

    private PositiveParameter(PositiveParameter original)
    {
        Tensor = Shared.Leaf(original.Tensor);
        _last = original._last;
    }

    /// <summary>[1], a leaf.</summary>
    public Parameter Tensor { get; }

    /// <summary>The number itself; setting it is not bounded by <see cref="Restrain"/>.</summary>
    public float Value
    {
        get => Tensor.ToSingle();
        set => Tensor.Elements<float>()[0] = _last = value;
    }

    /// <summary>Bounds what the optimiser just did.</summary>
    public void Restrain() => Value = Math.Clamp(Value, _last / MaxFactorPerStep, _last * MaxFactorPerStep);

    /// <summary>Passes over the number; between steps it has been restrained and is all there is.</summary>
    public void VisitState(IStateVisitor state)
    {
        state.Visit(Tensor);
        _last = Value;
    }

    /// <summary>A leaf on the same memory.</summary>
    public PositiveParameter Replicate() => new(this);

    public void Dispose() => Tensor.Dispose();
}
