namespace InstantNet.Torch;

/// <summary>Operators that libtorch does not have, each one pass over memory with its own gradient.</summary>
/// <remarks>
/// Rounding is half to even and the gradient of rounding is 1 (straight through), so only what lies on the grid passes a gradient.
/// A clip's gradient is that of LSQ (Esser et al., ICLR 2020, equation 3) times the caller's damping.
/// Results do not depend on the number of threads. <see cref="ComposedOperators"/> are the same out of libtorch's own.
/// </remarks>
public static unsafe class FusedOperators
{
    /// <summary>Rounds weights to the symmetric grid of each output channel: scale max|w| / (2^(bits-1) - 1).</summary>
    /// <param name="weights">[out, ...], float32.</param>
    /// <param name="bits">2..22.</param>
    public static Tensor QuantizeWeights(Tensor weights, int bits)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return Tensor.Own(NativeTorch.it_quantize_weights(weights.Handle, bits));
    }

    /// <summary>Rounds a tensor, or the sum of two of one shape, to a grid.</summary>
    /// <param name="input">[n, c, h, w] or [n, features].</param>
    /// <param name="addend">Added first, or null.</param>
    /// <param name="clip">One positive element.</param>
    /// <param name="grid">Codes.</param>
    /// <param name="damping">Factor of the clip's gradient.</param>
    public static Tensor QuantizeActivation(Tensor input, Tensor? addend, Tensor clip, QuantizationGrid grid, double damping = 1)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(clip);
        using Borrowed other = new(addend);
        return Tensor.Own(NativeTorch.it_quantize_activation(
            input.Handle, other.Pointer, clip.Handle, grid.Bits, grid.IsSigned ? 1 : 0, damping));
    }

    /// <summary>Rounds to a grid whose step is a tensor: round(clamp((x - offset) / step, low, high)) · step + offset.</summary>
    /// <param name="input">Any shape, float32.</param>
    /// <param name="step">Positive, broadcast to the input; a gradient flows to it where it asks for one (LSQ, equation 3).</param>
    /// <param name="offset">Value of code 0, of the step's shape, or null for 0; gets no gradient.</param>
    /// <param name="low">Lowest code.</param>
    /// <param name="high">Highest code, at most 2^24.</param>
    /// <param name="gradient">Which inputs a gradient reaches.</param>
    /// <param name="damping">Factor of the step's gradient.</param>
    public static Tensor RoundToSteps(
        Tensor input, Tensor step, Tensor? offset, double low, double high, StraightThrough gradient, double damping = 1)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(step);
        using Borrowed zero = new(offset);
        return Tensor.Own(NativeTorch.it_round_to_steps(
            input.Handle, step.Handle, zero.Pointer, low, high, gradient == StraightThrough.InsideRange ? 1 : 0, damping));
    }

    /// <summary>Batch norm, then ReLU if asked, then rounding to a grid.</summary>
    /// <param name="input">[n, c, h, w] or [n, c]; computed channels-last.</param>
    /// <param name="norm">Parameters and statistics of the norm; running ones move when training.</param>
    /// <param name="training">Normalise by the batch's statistics instead of the running ones.</param>
    /// <param name="relu">Whether ReLU follows; the grid is signed exactly when it does not.</param>
    /// <param name="clip">One positive element, or null at 32 bits.</param>
    /// <param name="grid">Codes; 32 bits leave the values as they are.</param>
    /// <param name="damping">Factor of the clip's gradient.</param>
    public static Tensor NormalizeActivate(
        Tensor input, BatchNorm norm, bool training, bool relu, Tensor? clip, QuantizationGrid grid, double damping = 1)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(norm);
        using Borrowed c = new(clip);
        return Tensor.Own(NativeTorch.it_normalize_activate(
            input.Handle, norm.Weight.Handle, norm.Bias.Handle, norm.RunningMean.Handle, norm.RunningVariance.Handle, c.Pointer,
            training ? 1 : 0, norm.Momentum, norm.Epsilon, relu ? 1 : 0, grid.Bits, grid.IsSigned ? 1 : 0, damping));
    }

    /// <summary>The clip that rounds these values with the least squared error, to a fortieth of the largest.</summary>
    /// <param name="values">[n, c, h, w] or [n, features].</param>
    /// <param name="grid">Codes; 1 bit is allowed here: the magnitudes of signed values have one bit less.</param>
    /// <exception cref="NotFiniteNumberException">A value is not finite.</exception>
    public static float BestClip(Tensor values, QuantizationGrid grid)
    {
        ArgumentNullException.ThrowIfNull(values);
        float best;
        TorchException.ThrowIfFailed(NativeTorch.it_best_clip(values.Handle, grid.Bits, grid.IsSigned ? 1 : 0, &best));
        return float.IsFinite(best) ? best : throw new NotFiniteNumberException("The activations are not finite.", best);
    }

    /// <summary>Adds each replica's gradient to its parameter's, in list order, and zeroes it there.</summary>
    /// <param name="parameters">Leaves.</param>
    /// <param name="replicas">As many leaves of the same shapes.</param>
    public static void GatherGradients(IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> replicas)
    {
        using HandleList to = new(parameters), from = new(replicas);
        if (to.Count != from.Count)
            throw new ArgumentException($"{from.Count} replicas do not match {to.Count} parameters.", nameof(replicas));
        fixed (nint* p = to.Pointers)
        fixed (nint* r = from.Pointers)
            TorchException.ThrowIfFailed(NativeTorch.it_gather_grad(p, r, to.Count));
    }

    /// <summary>Lays the values of [n, c, h, w] out as these operators and convolutions read them fastest: channels last.</summary>
    public static Tensor Arrange(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        return images.contiguous(memory_format.channels_last);
    }

    /// <summary>Keeps the memory of freed tensors for the next ones, in the whole process, until the last of these is disposed.</summary>
    /// <remarks>Saves a training step some millions of page faults; keeps what the largest step needs, per thread.</remarks>
    public static IDisposable RecycleMemory()
    {
        NativeTorch.it_begin_recycling();
        return new Ending(NativeTorch.it_end_recycling);
    }

    /// <summary>Leaves memory to malloc, in the whole process, until disposed; what is kept stays for afterwards. For comparing.</summary>
    public static IDisposable PlainMemory()
    {
        NativeTorch.it_pause_recycling();
        return new Ending(NativeTorch.it_resume_recycling);
    }

    private sealed class Ending(Action end) : IDisposable
    {
        private int _ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
                end();
        }
    }
}
