namespace InstantNet.Tests.Unit.Torch;

public sealed class NormalizeActivateTests : IDisposable
{
    private const int Channels = 11; // not a multiple of any vector width
    private static readonly QuantizationGrid Float = new(32, false);
    private readonly DisposeScope _scope = NewDisposeScope();

    public NormalizeActivateTests() => manual_seed(11);

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Without_a_grid_it_equals_batch_norm_and_relu_in_values_gradients_and_statistics(bool training, bool relu)
    {
        (Tensor ours, Tensor theirs) = (Input(), Input());
        theirs.copy_(ours.detach());
        (BatchNorm mine, BatchNorm torchs) = (Norm(), Norm());
        Copy(mine, torchs);
        ours.requires_grad_();
        theirs.requires_grad_();
        Tensor gradient = randn(ours.shape);

        Tensor y = FusedOperators.NormalizeActivate(ours, mine, training, relu, null, Float);
        Tensor expected = nn.functional.batch_norm(
            theirs, torchs.RunningMean, torchs.RunningVariance, torchs.Weight, torchs.Bias, training, torchs.Momentum, torchs.Epsilon);
        expected = relu ? nn.functional.relu(expected) : expected;
        y.backward([gradient]);
        expected.backward([gradient]);

        Near(expected, y);
        Near(theirs.Gradient()!, ours.Gradient()!);
        Near(torchs.Weight.Gradient()!, mine.Weight.Gradient()!, 2e-3f);
        Near(torchs.Bias.Gradient()!, mine.Bias.Gradient()!, 2e-3f);
        Near(torchs.RunningMean, mine.RunningMean);
        Near(torchs.RunningVariance, mine.RunningVariance);
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(4, false)]
    [InlineData(8, true)]
    public void With_a_grid_it_equals_batch_norm_and_the_straight_through_rule(int bits, bool relu)
    {
        const float Clip = 1.5f;
        QuantizationGrid grid = new(bits, IsSigned: !relu);
        (Tensor ours, Tensor theirs) = (Input(), Input());
        theirs.copy_(ours.detach());
        (BatchNorm mine, BatchNorm torchs) = (Norm(), Norm());
        Copy(mine, torchs);
        ours.requires_grad_();
        theirs.requires_grad_();
        Tensor clip = full([1], Clip).requires_grad_();
        Tensor gradient = randn(ours.shape);

        Tensor y = FusedOperators.NormalizeActivate(ours, mine, true, relu, clip, grid);
        y.backward([gradient]);

        Tensor z = nn.functional.batch_norm(theirs, torchs.RunningMean, torchs.RunningVariance, torchs.Weight, torchs.Bias, true);
        float[] values = z.detach().contiguous().data<float>().ToArray();
        (float[] passed, double byClip) = FusedOperatorsTests.StraightThrough(values, gradient.data<float>().ToArray(), grid, Clip);
        z.backward([tensor(passed, z.shape)]);
        (float step, float low, float high) = FusedOperatorsTests.Bounds(grid, Clip);
        float[] codes = [.. y.detach().contiguous().data<float>().ToArray().Select(v => v / step)];

        Assert.All(codes, code => Assert.InRange(MathF.Abs(code - MathF.Round(code)), 0, 1e-4f));
        Assert.InRange(codes.Zip(values, (code, v) => MathF.Abs(code - Math.Clamp(v / step, low, high))).Max(), 0.3f, 0.5001f);
        Near(theirs.Gradient()!, ours.Gradient()!, 2e-4f);
        Near(torchs.Weight.Gradient()!, mine.Weight.Gradient()!, 2e-3f);
        Near(torchs.Bias.Gradient()!, mine.Bias.Gradient()!, 2e-3f);
        Assert.Equal(byClip, clip.Gradient()!.ToSingle(), 2e-3);
    }

    [Fact]
    public void Gradients_equal_finite_differences()
    {
        Tensor x = randn(3, 2, 2, 2);
        BatchNorm norm = new(new Parameter(rand(2) + 0.5), new Parameter(randn(2)), zeros(2), ones(2));
        Tensor weighting = randn(3, 2, 2, 2);
        x.requires_grad_();

        Loss().backward();

        foreach (Tensor parameter in new[] { x, norm.Weight, norm.Bias })
        {
            float[] gradient = parameter.Gradient()!.contiguous().data<float>().ToArray();
            using IDisposable off = no_grad();
            for (int i = 0; i < gradient.Length; i++)
            {
                const float H = 2e-3f;
                float at = parameter.Elements<float>()[i];
                parameter.Elements<float>()[i] = at + H;
                double above = Loss().ToSingle();
                parameter.Elements<float>()[i] = at - H;
                double below = Loss().ToSingle();
                parameter.Elements<float>()[i] = at;
                Assert.Equal((above - below) / (2 * H), gradient[i], 5e-3);
            }
        }

        Tensor Loss() => (FusedOperators.NormalizeActivate(x, norm, true, true, null, Float) * weighting).sum();
    }

    [Fact]
    public void Statistics_survive_a_mean_far_from_zero()
    {
        Tensor x = randn(64, 3, 8, 8) + 1000;
        BatchNorm norm = new(new Parameter(ones(3)), new Parameter(zeros(3)), zeros(3), ones(3), Momentum: 1);

        FusedOperators.NormalizeActivate(x, norm, true, false, null, Float);

        Assert.All(norm.RunningMean.data<float>().ToArray(), m => Assert.Equal(1000, m, 0.1));
        Assert.All(norm.RunningVariance.data<float>().ToArray(), v => Assert.Equal(1, v, 0.1));
    }

    [Fact]
    public void The_thread_count_does_not_change_a_bit_of_the_result()
    {
        Tensor x = randn(32, 16, 14, 14);
        int threads = get_num_threads();
        try
        {
            set_num_threads(1);
            (float[] one, float[] oneGradient) = Run();
            set_num_threads(3);
            (float[] three, float[] threeGradient) = Run();
            Assert.Equal(one, three);
            Assert.Equal(oneGradient, threeGradient);
        }
        finally
        {
            set_num_threads(threads);
        }

        (float[] Values, float[] Gradient) Run()
        {
            BatchNorm norm = new(new Parameter(ones(16)), new Parameter(zeros(16)), zeros(16), ones(16));
            Tensor y = FusedOperators.NormalizeActivate(x, norm, true, true, full([1], 2.0), new(4, false));
            (y * y).sum().backward();
            return (y.detach().contiguous().data<float>().ToArray(), norm.Weight.Gradient()!.data<float>().ToArray());
        }
    }

    private static Tensor Input() => randn(9, Channels, 5, 7) * 2 + 0.3;

    private static BatchNorm Norm() =>
        new(new Parameter(rand(Channels) + 0.5), new Parameter(randn(Channels)), randn(Channels), rand(Channels) + 0.5);

    private static void Copy(BatchNorm from, BatchNorm to)
    {
        using IDisposable off = no_grad();
        to.Weight.copy_(from.Weight);
        to.Bias.copy_(from.Bias);
        to.RunningMean.copy_(from.RunningMean);
        to.RunningVariance.copy_(from.RunningVariance);
    }

    private static void Near(Tensor expected, Tensor actual, float within = 1e-4f)
    {
        float[] e = expected.detach().contiguous().data<float>().ToArray(), a = actual.detach().contiguous().data<float>().ToArray();
        Assert.Equal(e.Length, a.Length);
        for (int i = 0; i < e.Length; i++)
        {
            Assert.Equal(e[i], a[i], within);
        }
    }
}
