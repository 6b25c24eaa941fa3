namespace InstantNet.Torch;

/// <summary>The fused operators out of libtorch's own, each a pass over memory: what runs where the fused ones are not, and what they must equal.</summary>
/// <remarks>
/// Only calls that TorchSharp has too. Values and gradients are those of the fused operators but for float rounding: a value that lies within
/// 1e-6 of the middle between two codes may take the other one.
/// </remarks>
public static class ComposedOperators
{
    private const int SampledValues = 16384, ClipsTried = 40; // as the fused search has them

    /// <summary>Rounds weights to the symmetric grid of each output channel: scale max|w| / (2^(bits-1) - 1).</summary>
    /// <param name="weights">[out, ...], float32.</param>
    /// <param name="bits">2..22.</param>
    public static Tensor QuantizeWeights(Tensor weights, int bits)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ThrowIfNotRounded(bits, fewest: 2);
        Tensor plain = weights.detach();
        long[] inChannel = [.. Enumerable.Range(1, plain.shape.Length - 1).Select(d => (long)d)];
        Tensor peaks = plain.abs().amax(inChannel, keepdim: true);
        // A channel of zeros stays zeros at any scale.
        Tensor scale = peaks / full([1], (double)((1 << (bits - 1)) - 1)) + peaks.eq(zeros(1)).to_type(ScalarType.Float32);
        return (plain / scale).round() * scale + Nothing(weights);
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
        ThrowIfNotRounded(grid.Bits, fewest: 2);
        (double low, double high) = grid.Codes;
        Tensor values = addend is null ? input : input + addend;
        Tensor step = Damped(clip / full([1], (double)grid.StepsToClip), damping);
        return Round(values * (ones(1) / step), low, high) * step; // times the inverse, as the fused loops have it, so that codes are the same
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
        Tensor damped = Damped(step, damping);
        Tensor read = gradient == StraightThrough.Everywhere ? input.detach() : input;
        Tensor rounded = Round((offset is null ? read : read - offset.detach()) / damped, low, high) * damped;
        Tensor made = offset is null ? rounded : rounded + offset.detach();
        return gradient == StraightThrough.Everywhere ? made + Nothing(input) : made;
    }

    /// <summary>Batch norm, then ReLU if asked, then rounding to a grid.</summary>
    /// <param name="input">[n, c, h, w] or [n, c].</param>
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
        if (clip is not null && relu == grid.IsSigned)
            throw new ArgumentException("A tensor after ReLU is unsigned, one without ReLU signed.", nameof(grid));
        Tensor made = nn.functional.batch_norm(
            input, norm.RunningMean, norm.RunningVariance, norm.Weight, norm.Bias, training, norm.Momentum, norm.Epsilon);
        Tensor active = relu ? nn.functional.relu(made) : made;
        return clip is null ? active : QuantizeActivation(active, null, clip, grid, damping);
    }

    /// <summary>The clip that rounds these values with the least squared error, to a fortieth of the largest.</summary>
    /// <param name="values">[n, c, h, w] or [n, features].</param>
    /// <param name="grid">Codes; 1 bit is allowed here: the magnitudes of signed values have one bit less.</param>
    /// <exception cref="NotFiniteNumberException">A value is not finite.</exception>
    public static float BestClip(Tensor values, QuantizationGrid grid)
    {
        ArgumentNullException.ThrowIfNull(values);
        ThrowIfNotRounded(grid.Bits, fewest: 1);
        using IDisposable off = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor sample = Sample(values);
        float peak = (grid.IsSigned ? sample.abs() : nn.functional.relu(sample)).amax([0, 1]).ToSingle();
        if (!float.IsFinite(peak))
            throw new NotFiniteNumberException("The activations are not finite.", peak);
        if (peak == 0)
            return 1;
        (double low, double high) = grid.Codes;
        (float best, float least) = (peak, float.PositiveInfinity);
        for (int k = 2; k <= ClipsTried; k++)
        {
            using DisposeScope attempt = NewDisposeScope();
            float clip = peak * k / ClipsTried, step = clip / grid.StepsToClip;
            Tensor error = (sample * (1.0 / step)).clamp(low, high).round() * (double)step - sample;
            float squares = (error * error).sum().ToSingle();
            if (squares < least)
                (best, least) = (clip, squares);
        }

        return best;
    }

    /// <summary>Adds each replica's gradient to its parameter's, in list order, and zeroes it there.</summary>
    /// <param name="parameters">Leaves.</param>
    /// <param name="replicas">As many leaves of the same shapes.</param>
    public static void GatherGradients(IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> replicas)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(replicas);
        if (parameters.Count != replicas.Count)
            throw new ArgumentException($"{replicas.Count} replicas do not match {parameters.Count} parameters.", nameof(replicas));
        using DisposeScope scope = NewDisposeScope();
        for (int i = 0; i < parameters.Count; i++)
        {
            if (replicas[i].Gradient() is not { } from)
                continue;
            if (parameters[i].Gradient() is { } to)
                to.copy_(to + from);
            else
                (parameters[i] * from).sum().backward(); // a gradient that is not there cannot be set in every version, but arises
            from.fill_(0);
        }
    }

    /// <summary>The values as they are: libtorch's own operators keep up with any layout.</summary>
    public static Tensor Arrange(Tensor images) => images;

    /// <summary>Nothing: libtorch's own allocator stays in charge.</summary>
    public static IDisposable RecycleMemory() => new Unchanged();

    /// <inheritdoc cref="RecycleMemory"/>
    public static IDisposable PlainMemory() => new Unchanged();

    // Exactly zero in value, one in slope: what it is added to keeps its value and passes the gradient on.
    private static Tensor Nothing(Tensor values) => values - values.detach();

    private static Tensor Damped(Tensor step, double damping) => damping == 1 ? step : step.detach() + Nothing(step) * damping;

    // Whole codes in place of numbers, with the gradient of the numbers that lie inside.
    private static Tensor Round(Tensor numbers, double low, double high)
    {
        Tensor inside = numbers.clamp(low, high);
        return inside + (inside.round() - inside).detach();
    }

    // Whole rows spread over the tensor.
    private static Tensor Sample(Tensor values)
    {
        long channels = values.shape[1];
        Tensor rows = (values.shape.Length == 4 ? values.detach().permute(0, 2, 3, 1) : values.detach()).reshape(-1, channels);
        long all = rows.shape[0], some = Math.Min(all, Math.Max(1, SampledValues / channels));
        long[] chosen = [.. Enumerable.Range(0, (int)some).Select(r => all * r / some)];
        return rows.index_select(0, tensor(chosen, [some]));
    }

    private static void ThrowIfNotRounded(int bits, int fewest)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, fewest);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, 22);
    }

    private sealed class Unchanged : IDisposable
    {
        public void Dispose()
        {
            // Nothing was changed.
        }
    }
}
