namespace InstantNet.Tests.Unit.Torch;

/// <summary>The fused operators and the composed ones are two ways to compute the same.</summary>
public sealed class ComposedOperatorsTests : IDisposable
{
    private const float Within = 1e-5f;
    private readonly DisposeScope _scope = NewDisposeScope();

    public ComposedOperatorsTests() => manual_seed(29);

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(16)]
    public void Weights_are_rounded_alike(int bits)
    {
        Tensor weights = randn(5, 3, 3, 3), gradient = randn(5, 3, 3, 3);
        weights.Elements<float>()[..27].Clear(); // a channel of zeros

        Same(
            Run(w => FusedOperators.QuantizeWeights(w, bits), gradient, weights),
            Run(w => ComposedOperators.QuantizeWeights(w, bits), gradient, weights));
    }

    [Theory]
    [InlineData(2, false, false)]
    [InlineData(4, true, true)]
    [InlineData(8, false, true)]
    [InlineData(8, true, false)]
    public void Activations_and_sums_are_rounded_alike(int bits, bool isSigned, bool isSum)
    {
        QuantizationGrid grid = new(bits, isSigned);
        Tensor left = randn(4, 5, 3, 2), right = randn(4, 5, 3, 2), clip = full([1], 1.3), gradient = randn(4, 5, 3, 2);

        Same(
            Run((l, r, c) => FusedOperators.QuantizeActivation(l, isSum ? r : null, c, grid, 0.25), gradient, left, right, clip),
            Run((l, r, c) => ComposedOperators.QuantizeActivation(l, isSum ? r : null, c, grid, 0.25), gradient, left, right, clip));
    }

    [Theory]
    [InlineData(StraightThrough.InsideRange)]
    [InlineData(StraightThrough.Everywhere)]
    public void Steps_of_each_channel_round_alike_with_and_without_an_offset(StraightThrough passing)
    {
        Tensor values = randn(6, 4), steps = rand(6, 1) * 0.2 + 0.1, offsets = randn(6, 1), gradient = randn(6, 4);
        foreach (Tensor? offset in new[] { null, offsets })
        {
            Same(
                Run((x, s) => FusedOperators.RoundToSteps(x, s, offset, -3, 3, passing, 0.4), gradient, values, steps),
                Run((x, s) => ComposedOperators.RoundToSteps(x, s, offset, -3, 3, passing, 0.4), gradient, values, steps));
        }
    }

    [Theory]
    [InlineData(32, true, true)]
    [InlineData(32, false, false)]
    [InlineData(4, true, true)]
    [InlineData(4, false, true)]
    [InlineData(8, true, false)]
    public void Batch_norm_relu_and_rounding_are_alike_and_move_the_same_statistics(int bits, bool relu, bool training)
    {
        QuantizationGrid grid = new(bits, !relu);
        Tensor input = randn(4, 5, 3, 2) * 2 + 0.3, gamma = rand(5) + 0.5, beta = randn(5), clip = full([1], 1.5), gradient = randn(4, 5, 3, 2);
        (Tensor mean, Tensor variance) = (randn(5), rand(5) + 0.5);
        List<float[]> fused = Norm(FusedOperators.NormalizeActivate), composed = Norm(ComposedOperators.NormalizeActivate);

        Same(fused, composed);

        List<float[]> Norm(Func<Tensor, BatchNorm, bool, bool, Tensor?, QuantizationGrid, double, Tensor> normalize)
        {
            BatchNorm norm = new(new Parameter(gamma.clone()), new Parameter(beta.clone()), mean.clone(), variance.clone());
            List<float[]> made = Run((x, c) => normalize(x, norm, training, relu, bits == 32 ? null : c, grid, 0.5), gradient, input, clip);
            return [.. made, .. new[] { norm.Weight.Gradient()!, norm.Bias.Gradient()!, norm.RunningMean, norm.RunningVariance }.Select(Values)];
        }
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(4, false)]
    [InlineData(4, true)]
    [InlineData(8, true)]
    public void The_same_clip_is_found(int bits, bool isSigned)
    {
        QuantizationGrid grid = new(bits, isSigned);
        foreach (Tensor values in new[] { randn(8, 7, 20, 20), randn(300, 10), zeros(2, 3), ones(2, 3) * -1 })
        {
            Assert.Equal(FusedOperators.BestClip(values, grid), ComposedOperators.BestClip(values, grid), Within);
        }
    }

    [Fact]
    public void Values_that_are_not_finite_have_no_clip()
    {
        Tensor values = full([2, 2], double.PositiveInfinity);

        Assert.Throws<NotFiniteNumberException>(() => ComposedOperators.BestClip(values, new(4, false)));
        Assert.Throws<NotFiniteNumberException>(() => FusedOperators.BestClip(values, new(4, false)));
    }

    [Fact]
    public void Gradients_are_gathered_alike_also_where_a_parameter_has_none_yet()
    {
        Same(Gather(FusedOperators.GatherGradients), Gather(ComposedOperators.GatherGradients));

        static List<float[]> Gather(Action<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> gather)
        {
            Parameter[] parameters = [new(ones(2)), new(ones(3)), new(ones(4))], replicas = [new(ones(2)), new(ones(3)), new(ones(4))];
            (parameters[0] * 2).sum().backward();
            (replicas[0] * 3).sum().backward();
            (replicas[1] * 5).sum().backward();

            gather(parameters, replicas);

            Assert.Null(parameters[2].Gradient());
            return [.. new[] { parameters[0], parameters[1], replicas[0], replicas[1] }.Select(p => Values(p.Gradient()!))];
        }
    }

    [Fact]
    public void What_lies_outside_their_contract_is_refused_by_both()
    {
        TorchException shape = Assert.Throws<TorchException>(() => FusedOperators.QuantizeActivation(randn(2, 3, 4), null, ones(1), new(4, false)));
        Assert.Contains("got 3 dimensions", shape.Message, StringComparison.Ordinal);
        TorchException clip = Assert.Throws<TorchException>(() => FusedOperators.QuantizeActivation(randn(2, 3), null, zeros(1), new(4, false)));
        Assert.Contains("positive", clip.Message, StringComparison.Ordinal);
        TorchException bits = Assert.Throws<TorchException>(() => FusedOperators.QuantizeWeights(randn(2, 3), 23));
        Assert.Contains("2 to 22 bits", bits.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => ComposedOperators.QuantizeWeights(randn(2, 3), 23));
        Assert.Throws<ArgumentOutOfRangeException>(() => ComposedOperators.QuantizeActivation(randn(2, 3), null, ones(1), new(1, false)));
        Assert.Throws<ArgumentException>(() => ComposedOperators.GatherGradients([ones(1)], []));
    }

    private static List<float[]> Run(Func<Tensor, Tensor> f, Tensor gradient, Tensor a) => Run(t => f(t[0]), gradient, [a]);

    private static List<float[]> Run(Func<Tensor, Tensor, Tensor> f, Tensor gradient, Tensor a, Tensor b) => Run(t => f(t[0], t[1]), gradient, [a, b]);

    private static List<float[]> Run(Func<Tensor, Tensor, Tensor, Tensor> f, Tensor gradient, Tensor a, Tensor b, Tensor c) =>
        Run(t => f(t[0], t[1], t[2]), gradient, [a, b, c]);

    /// <summary>The result and the gradients of all that it depends on.</summary>
    private static List<float[]> Run(Func<Tensor[], Tensor> f, Tensor gradient, Tensor[] inputs)
    {
        Tensor[] leaves = [.. inputs.Select(t => t.clone().requires_grad_())];
        Tensor made = f(leaves);
        made.backward([gradient]);
        return [Values(made), .. leaves.Select(l => l.Gradient()).OfType<Tensor>().Select(Values)];
    }

    private static float[] Values(Tensor tensor) => tensor.detach().contiguous().Elements<float>().ToArray();

    private static void Same(List<float[]> fused, List<float[]> composed)
    {
        Assert.Equal(fused.Count, composed.Count);
        for (int i = 0; i < fused.Count; i++)
        {
            Assert.All(fused[i].Zip(composed[i]), p => Assert.Equal(p.First, p.Second, Within * Math.Max(1, MathF.Abs(p.First))));
            Assert.Equal(fused[i].Length, composed[i].Length);
        }
    }
}
