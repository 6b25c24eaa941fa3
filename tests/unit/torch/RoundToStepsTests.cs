namespace InstantNet.Tests.Unit.Torch;

public sealed class RoundToStepsTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public RoundToStepsTests() => manual_seed(11);

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Values_and_gradients_are_the_hand_worked_ones()
    {
        // Steps of 0.5, codes -1..1: 0.2 is code 0.4, 0.4 is 0.8, -0.9 is -1.8 and 3 is 6.
        Tensor x = tensor([0.2f, 0.4f, -0.9f, 3f], 2, 2).requires_grad_(), step = full([1], 0.5).requires_grad_();

        Tensor y = FusedOperators.RoundToSteps(x, step, null, -1, 1, StraightThrough.InsideRange, damping: 0.1);
        y.backward([tensor([1f, 10f, 100f, 1000f], 2, 2)]);

        Assert.Equal([0, 0.5f, -0.5f, 0.5f], y.detach().data<float>().ToArray());
        Assert.Equal([1, 10, 0, 0], x.Gradient()!.data<float>().ToArray());
        // 1·(0 - 0.4) + 10·(1 - 0.8) + 100·(-1) + 1000·1, a tenth of it.
        Assert.Equal(90.16f, step.Gradient()!.ToSingle(), 1e-3f);
    }

    [Fact]
    public void An_offset_moves_the_grid_and_everywhere_means_also_where_clipped()
    {
        Tensor x = tensor([-5f, 0.34f, 9f], 1, 3).requires_grad_();

        Tensor y = FusedOperators.RoundToSteps(x, full([1], 0.25), full([1], 0.1), 0, 3, StraightThrough.Everywhere);
        y.backward([tensor([1f, 2f, 3f], 1, 3)]);

        Assert.All(y.detach().data<float>().ToArray().Zip([0.1f, 0.35f, 0.85f]), p => Assert.Equal(p.Second, p.First, 1e-6f));
        Assert.Equal([1, 2, 3], x.Gradient()!.data<float>().ToArray());
    }

    [Fact]
    public void Gradients_are_finite_differences_of_the_straight_through_surrogate()
    {
        // The surrogate, not the staircase: inside, x + step · (round(v0) - v0) with v0 = x/step frozen where the gradient is taken; outside, step · end.
        const float Step = 0.3f;
        const int Low = -3, High = 3;
        float[] at = randn(40).data<float>().ToArray(), weight = randn(40).data<float>().ToArray();
        Tensor x = tensor(at, 5, 8).requires_grad_(), step = full([1], Step).requires_grad_();

        FusedOperators.RoundToSteps(x, step, null, Low, High, StraightThrough.InsideRange).backward([tensor(weight, 5, 8)]);

        const double H = 1e-4;
        Assert.Equal((Loss(at, Step + H) - Loss(at, Step - H)) / (2 * H), step.Gradient()!.ToSingle(), 1e-3);
        float[] gradient = x.Gradient()!.data<float>().ToArray();
        for (int i = 0; i < at.Length; i++)
        {
            double[] up = [.. at.Select(v => (double)v)], down = [.. up];
            up[i] += H;
            down[i] -= H;
            Assert.Equal((Loss(up, Step) - Loss(down, Step)) / (2 * H), gradient[i], 1e-3);
        }

        double Loss<T>(IReadOnlyList<T> values, double s) where T : IConvertible =>
            values.Select((v, i) => weight[i] * Surrogate(Convert.ToDouble(v, null), s, at[i] / (double)Step)).Sum();

        static double Surrogate(double value, double s, double frozen) =>
            frozen < Low ? s * Low : frozen > High ? s * High : value + (s * (Math.Round(frozen) - frozen));
    }

    [Fact]
    public void A_step_of_each_channel_gets_the_gradient_of_its_channel()
    {
        Tensor x = tensor([1f, 1f, 1f, 1f], 2, 2), steps = tensor([0.6f, 0.1f], 2, 1).requires_grad_();

        FusedOperators.RoundToSteps(x, steps, null, -1, 1, StraightThrough.InsideRange).sum().backward();

        // Both channels lie outside: twice the end code each.
        Assert.Equal([2, 2], steps.Gradient()!.data<float>().ToArray());
    }
}
