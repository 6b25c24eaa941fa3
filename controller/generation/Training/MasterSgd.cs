using InstantNet.Generation.Training.Checkpoints;

namespace InstantNet.Generation.Training;

/// <summary>Stochastic gradient descent of master weights, which decay, and of all that does not: batch norms, clips and steps, the bias. Not thread-safe.</summary>
internal sealed class MasterSgd : IDisposable
{
    private readonly SGD[] _optimizers;

    /// <param name="weights">Pulled to zero.</param>
    /// <param name="undecayed">Left alone.</param>
    /// <param name="options">Momentum and decay; the rate is given with each step.</param>
    public MasterSgd(IEnumerable<Parameter> weights, IEnumerable<Parameter> undecayed, TrainingOptions options) => _optimizers =
    [
        optim.SGD(weights, 0, options.Momentum, weight_decay: options.WeightDecay), optim.SGD(undecayed, 0, options.Momentum),
    ];

    /// <summary>Moves every parameter against its gradient.</summary>
    public void Step(double rate)
    {
        foreach (SGD optimizer in _optimizers)
        {
            foreach (optim.ILearningRateController group in optimizer.ParamGroups)
            {
                group.LearningRate = rate;
            }

            optimizer.step();
        }
    }

    /// <summary>Clears the gradients and keeps their memory.</summary>
    public void ZeroGradients()
    {
        foreach (SGD optimizer in _optimizers)
        {
            optimizer.zero_grad();
        }
    }

    /// <summary>Passes over the velocities.</summary>
    public void VisitState(IStateVisitor state)
    {
        foreach (SGD.State parameter in _optimizers.SelectMany(o => o.state_dict().State))
        {
            state.Visit(parameter.momentum_buffer);
        }
    }

    public void Dispose()
    {
        foreach (SGD optimizer in _optimizers)
        {
            optimizer.Dispose();
        }
    }
}
