namespace InstantNet.Torch;

/// <summary>Stochastic gradient descent: v = momentum · v + g + decay · p; p -= rate · v. One native call a step.</summary>
public sealed unsafe class SGD : torch.optim.ILearningRateController, IDisposable
{
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly List<torch.Tensor> _velocities = [];
    private readonly double _momentum;
    private readonly double _weightDecay;

    internal SGD(IReadOnlyList<Parameter> parameters, double learningRate, double momentum, double dampening, double weightDecay)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(dampening, 0);
        _parameters = parameters;
        _momentum = momentum;
        _weightDecay = weightDecay;
        LearningRate = learningRate;
        foreach (torch.Tensor parameter in parameters)
        {
            _velocities.Add(torch.zeros(parameter.shape).DetachFromDisposeScope());
        }
    }

    /// <inheritdoc/>
    public double LearningRate { get; set; }

    /// <summary>The one group that all parameters are in.</summary>
    public IEnumerable<torch.optim.ILearningRateController> ParamGroups => [this];

    /// <summary>Moves every parameter that has a gradient.</summary>
    public void step()
    {
        using HandleList parameters = new(_parameters), velocities = new(_velocities);
        fixed (nint* p = parameters.Pointers)
        fixed (nint* v = velocities.Pointers)
            TorchException.ThrowIfFailed(NativeTorch.it_sgd_step(
                p, v, parameters.Count, (float)LearningRate, (float)_momentum, (float)_weightDecay));
    }

    /// <summary>Clears the gradients and keeps their memory.</summary>
    public void zero_grad()
    {
        using HandleList parameters = new(_parameters);
        fixed (nint* p = parameters.Pointers)
            TorchException.ThrowIfFailed(NativeTorch.it_zero_grad(p, parameters.Count));
    }

    /// <summary>What the next step depends on beside the parameters; shared, not copied.</summary>
    public StateDictionary state_dict() => new([.. _velocities.Select(v => new State(v))]);

    /// <summary>Frees the velocities; the parameters are the caller's.</summary>
    public void Dispose()
    {
        foreach (torch.Tensor velocity in _velocities)
        {
            velocity.Dispose();
        }

        _velocities.Clear();
    }

    /// <summary>State of an optimiser.</summary>
    /// <param name="State">One of each parameter, in their order.</param>
#pragma warning disable CA1711 // TorchSharp's name
    public sealed record StateDictionary(IReadOnlyList<State> State);
#pragma warning restore CA1711

    /// <summary>State of one parameter.</summary>
    /// <param name="momentum_buffer">Its velocity, of the parameter's shape.</param>
    public sealed record State(torch.Tensor momentum_buffer);
}
