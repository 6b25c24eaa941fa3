namespace InstantNet.Torch;

/// <summary>Times operators by kind, forward and backward, in the whole process, until it ends. Costs nothing while there is none.</summary>
public sealed unsafe class OperatorProfile : IDisposable
{
    private bool _ended;

    /// <summary>Begins; no operator may be running.</summary>
    /// <exception cref="TorchException">Another one has not ended.</exception>
    public OperatorProfile() => TorchException.ThrowIfFailed(NativeTorch.it_begin_profile());

    /// <summary>Ends; no operator may be running.</summary>
    /// <exception cref="TorchException">It has ended.</exception>
    public OperatorTimes End()
    {
        long* sums = stackalloc long[OperatorTimes.Kinds];
        TorchException.ThrowIfFailed(NativeTorch.it_end_profile(sums));
        _ended = true;
        return new OperatorTimes(Span(sums[0]), Span(sums[1]), Span(sums[2]), Span(sums[3]));

        static TimeSpan Span(long nanoseconds) => TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_ended)
            End();
    }
}

/// <summary>Time spent in operators, summed over the threads that called them, gradients included.</summary>
/// <param name="Convolution">Convolutions.</param>
/// <param name="Activation">Batch norm, ReLU, quantisation and other element-wise work.</param>
/// <param name="Loss">Cross-entropy and squared errors.</param>
/// <param name="Optimizer">Gradients added up, shortened, and the step itself.</param>
public readonly record struct OperatorTimes(TimeSpan Convolution, TimeSpan Activation, TimeSpan Loss, TimeSpan Optimizer)
{
    internal const int Kinds = 4;
}
