namespace InstantNet.Torch;

/// <summary>
/// Adam: m = beta1 · m + (1 - beta1) · g; v = beta2 · v + (1 - beta2) · g²; p -= rate · (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + eps).
/// </summary>
/// <remarks>For some hundred numbers, such as the parameters of an architecture: it runs in managed code. Not thread-safe.</remarks>
public sealed class Adam : IDisposable
{
    private readonly IReadOnlyList<torch.Tensor> _parameters;
    private readonly double[][] _means;
    private readonly double[][] _squares;
    private readonly double _rate;
    private readonly double _beta1;
    private readonly double _beta2;
    private readonly double _epsilon;
    private int _steps;

    internal Adam(IReadOnlyList<torch.Tensor> parameters, double rate, double beta1, double beta2, double epsilon)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        (_parameters, _rate, _beta1, _beta2, _epsilon) = (parameters, rate, beta1, beta2, epsilon);
        _means = [.. parameters.Select(p => new double[p.numel()])];
        _squares = [.. parameters.Select(p => new double[p.numel()])];
    }

    /// <summary>Moves every parameter that has a gradient.</summary>
    public void step()
    {
        _steps++;
        for (int i = 0; i < _parameters.Count; i++)
        {
            using torch.Tensor? gradient = _parameters[i].grad;
            if (gradient is not null)
                Move(_parameters[i].data<float>(), gradient.data<float>(), _means[i], _squares[i]);
        }
    }

    /// <summary>Clears the gradients and keeps their memory.</summary>
    public void zero_grad()
    {
        foreach (torch.Tensor parameter in _parameters)
        {
            using torch.Tensor? gradient = parameter.grad;
            gradient?.data<float>().Clear();
        }
    }

    /// <summary>Nothing native is held; the parameters are the caller's.</summary>
    public void Dispose()
    {
        // As in TorchSharp, optimisers are disposed.
    }

    private void Move(Span<float> values, ReadOnlySpan<float> gradient, Span<double> means, Span<double> squares)
    {
        double meanShare = 1 - Math.Pow(_beta1, _steps), squareShare = 1 - Math.Pow(_beta2, _steps);
        for (int j = 0; j < values.Length; j++)
        {
            means[j] = (_beta1 * means[j]) + ((1 - _beta1) * gradient[j]);
            squares[j] = (_beta2 * squares[j]) + ((1 - _beta2) * gradient[j] * gradient[j]);
            values[j] -= (float)(_rate * (means[j] / meanShare) / (Math.Sqrt(squares[j] / squareShare) + _epsilon));
        }
    }
}
