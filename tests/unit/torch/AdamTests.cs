using InstantNet.Torch;
using static InstantNet.Torch.torch;

namespace InstantNet.Tests.Unit.Torch;

public sealed class AdamTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void The_first_step_is_the_rate_against_the_gradients_sign_and_the_second_follows_both_means()
    {
        Parameter p = new(tensor([1f, 1f], 2));
        using Adam adam = optim.Adam([p], lr: 0.1, beta1: 0.5, beta2: 0.9, eps: 0);

        Step([4f, -0.01f]);
        Assert.Equal(0.9f, p.data<float>()[0], 5);
        Assert.Equal(1.1f, p.data<float>()[1], 5);

        // Means: m = (0.5 * 2 + 0.5 * 1) / 0.75 = 2; v = (0.9 * 1.6 + 0.1 * 1) / 0.19 = 1.54 / 0.19.
        Step([1f, 0f]);
        Assert.Equal(0.9 - (0.1 * 2 / Math.Sqrt(1.54 / 0.19)), p.data<float>()[0], 5);

        void Step(float[] gradient)
        {
            (p * tensor(gradient, 2)).sum().backward();
            adam.step();
            adam.zero_grad();
            Assert.Equal([0f, 0f], p.grad!.data<float>().ToArray());
        }
    }

    [Fact]
    public void A_parameter_without_a_gradient_stays()
    {
        Parameter p = new(ones(2));
        using Adam adam = optim.Adam([p]);

        adam.step();

        Assert.Equal([1f, 1f], p.data<float>().ToArray());
    }
}
