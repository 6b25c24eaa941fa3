namespace InstantNet.Tests.Unit.Torch;

public sealed class FusedOperatorsTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public FusedOperatorsTests() => manual_seed(7);

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(12)]
    public void Weights_lie_on_a_symmetric_grid_of_each_output_channel(int bits)
    {
        Tensor weights = randn(5, 3, 3, 3);
        float[] master = weights.data<float>().ToArray();

        float[] quantized = FusedOperators.QuantizeWeights(weights, bits).contiguous().data<float>().ToArray();

        int levels = (1 << (bits - 1)) - 1;
        for (int channel = 0; channel < 5; channel++)
        {
            float[] w = master[(channel * 27)..((channel + 1) * 27)];
            float scale = w.Max(MathF.Abs) / levels;
            float[] expected = [.. w.Select(v => MathF.Round(v / scale, MidpointRounding.ToEven) * scale)];
            Assert.Equal(expected, quantized[(channel * 27)..((channel + 1) * 27)]);
        }
    }

    [Fact]
    public void Weight_gradients_pass_straight_through()
    {
        Tensor weights = randn(4, 2, 3, 3).requires_grad_();
        Tensor factor = randn(4, 2, 3, 3);

        (FusedOperators.QuantizeWeights(weights, 4) * factor).sum().backward();

        Assert.Equal(factor.data<float>().ToArray(), weights.Gradient()!.data<float>().ToArray());
    }

    [Fact]
    public void A_channel_of_zero_weights_stays_zero()
    {
        Assert.All(FusedOperators.QuantizeWeights(zeros(2, 3), 4).data<float>().ToArray(), v => Assert.Equal(0, v));
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(4, false)]
    [InlineData(4, true)]
    [InlineData(8, true)]
    [InlineData(16, false)]
    [InlineData(22, true)]
    public void Activations_round_half_to_even_inside_the_clip_and_stop_at_its_ends(int bits, bool isSigned)
    {
        const float Clip = 1.7f;
        QuantizationGrid grid = new(bits, isSigned);
        Tensor x = randn(40, 50);

        float[] y = FusedOperators.QuantizeActivation(x, null, full([1], Clip), grid).data<float>().ToArray();

        (float step, float low, float high) = Bounds(grid, Clip);
        float[] source = x.data<float>().ToArray();
        for (int i = 0; i < y.Length; i++)
        {
            float code = MathF.Round(Math.Clamp(source[i] * (1 / step), low, high), MidpointRounding.ToEven);
            Assert.Equal(code * step, y[i]);
        }
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(4, true)]
    [InlineData(8, false)]
    public void A_quantized_sum_passes_gradients_inside_the_clip_and_moves_the_clip(int bits, bool isSigned)
    {
        const float Clip = 1.3f;
        const double Damping = 0.25;
        QuantizationGrid grid = new(bits, isSigned);
        Tensor left = randn(6, 11).requires_grad_(), right = randn(6, 11).requires_grad_();
        Tensor clip = full([1], Clip).requires_grad_();
        Tensor gradient = randn(6, 11);

        FusedOperators.QuantizeActivation(left, right, clip, grid, Damping).backward([gradient]);

        float[] z = (left + right).detach().data<float>().ToArray();
        (float[] passed, double byClip) = StraightThrough(z, gradient.data<float>().ToArray(), grid, Clip);
        foreach (Tensor summand in new[] { left, right })
        {
            Assert.All(passed.Zip(summand.Gradient()!.data<float>().ToArray()), p => Assert.Equal(p.First, p.Second, 1e-6f));
        }

        Assert.Equal(byClip * Damping, clip.Gradient()!.ToSingle(), 1e-4);
    }

    [Fact]
    public void The_clip_gradient_is_the_finite_difference_where_values_saturate()
    {
        // All values far outside: the output is the end of the grid, and so exactly proportional to the clip.
        Tensor x = tensor([5f, 6f, -7f, 8f], 2, 2);
        Tensor gradient = tensor([1f, 2f, 3f, 4f], 2, 2);
        QuantizationGrid grid = new(4, IsSigned: true);
        Tensor clip = full([1], 1.0).requires_grad_();

        FusedOperators.QuantizeActivation(x, null, clip, grid).backward([gradient]);

        float difference = Loss(1.01) - Loss(0.99);
        Assert.Equal(difference / 0.02f, clip.Gradient()!.ToSingle(), 1e-3f);

        float Loss(double at) => (FusedOperators.QuantizeActivation(x, null, full([1], at), grid) * gradient).sum().ToSingle();
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void Gradients_are_finite_differences_of_the_straight_through_surrogate(int bits, bool isSigned)
    {
        // The surrogate, not the staircase: inside, x + step · (round(v0) - v0) with v0 = x/step frozen; outside, step · end; step = clip / steps.
        const double Clip = 0.9, H = 1e-4;
        QuantizationGrid grid = new(bits, isSigned);
        (float step, float low, float high) = Bounds(grid, (float)Clip);
        Tensor x = randn(6, 7).requires_grad_(), clip = full([1], Clip).requires_grad_(), gradient = randn(6, 7);
        float[] at = x.detach().data<float>().ToArray(), weight = gradient.data<float>().ToArray();

        FusedOperators.QuantizeActivation(x, null, clip, grid).backward([gradient]);

        Assert.Equal((Loss(-1, 0, Clip + H) - Loss(-1, 0, Clip - H)) / (2 * H), clip.Gradient()!.ToSingle(), 1e-3);
        float[] byInput = x.Gradient()!.data<float>().ToArray();
        for (int i = 0; i < at.Length; i++)
        {
            Assert.Equal((Loss(i, H, Clip) - Loss(i, -H, Clip)) / (2 * H), byInput[i], 1e-3);
        }

        double Loss(int moved, double by, double c) =>
            at.Select((v, i) => weight[i] * Surrogate(v + (i == moved ? by : 0), c / grid.StepsToClip, v / (double)step)).Sum();

        double Surrogate(double value, double s, double frozen) =>
            frozen < low ? s * low : frozen > high ? s * high : value + (s * (Math.Round(frozen) - frozen));
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(4, true)]
    [InlineData(8, false)]
    public void The_best_clip_beats_its_neighbours(int bits, bool isSigned)
    {
        Tensor x = isSigned ? randn(100, 100) : nn.functional.relu(randn(100, 100));
        QuantizationGrid grid = new(bits, isSigned);

        float best = FusedOperators.BestClip(x, grid);

        Assert.True(Error(best) <= Error(best * 1.1f));
        Assert.True(Error(best) <= Error(best * 0.9f));

        float Error(float clip) => nn.functional.mse_loss(FusedOperators.QuantizeActivation(x, null, full([1], clip), grid), x).ToSingle();
    }

    internal static (float Step, float Low, float High) Bounds(QuantizationGrid grid, float clip) => grid.IsSigned
        ? (clip / grid.StepsToClip, -grid.StepsToClip, grid.StepsToClip - 1)
        : (clip / grid.StepsToClip, 0, grid.StepsToClip);

    /// <summary>The rule in words: inside, the gradient passes and the clip feels the rounding error; outside, only the clip feels it.</summary>
    internal static (float[] Passed, double ByClip) StraightThrough(float[] z, float[] gradient, QuantizationGrid grid, float clip)
    {
        (float step, float low, float high) = Bounds(grid, clip);
        float[] passed = new float[z.Length];
        double byStep = 0;
        for (int i = 0; i < z.Length; i++)
        {
            float code = z[i] * (1 / step);
            bool inside = code > low && code < high;
            passed[i] = inside ? gradient[i] : 0;
            byStep += gradient[i] * (inside ? MathF.Round(code, MidpointRounding.ToEven) - code : Math.Clamp(code, low, high));
        }

        return (passed, byStep / grid.StepsToClip);
    }
}
