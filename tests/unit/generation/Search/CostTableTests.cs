using InstantNet.Generation.Search;

namespace InstantNet.Tests.Unit.Generation.Search;

public class CostTableTests
{
    private static readonly CostTable EnergyDelay = new(
        "EDP", "J·s", [new CostFactor(1, [[2, 4], [1, 3]]), new CostFactor(0.5, [[1, 2], [3, 1]])]);

    [Fact]
    public void A_product_is_of_sums_over_layers()
    {
        // (1 + 4 + 1) * (0.5 + 2 + 3)
        Assert.Equal(33, EnergyDelay.Of([1, 0]), 9);
        Assert.Equal((1 + 4 + 3) * (0.5 + 2 + 3), EnergyDelay.Dearest, 9);
        Assert.Equal((1 + 2 + 1) * (0.5 + 1 + 1), EnergyDelay.Cheapest, 9);
    }

    [Fact]
    public void The_expectation_and_its_gradient_are_those_worked_by_hand()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor alpha = tensor([(float)Math.Log(0.25), (float)Math.Log(0.75)], 1, 2).requires_grad_();
        CostTable costs = new("toy", "toys", [new CostFactor(10, [[2, 6]])]);

        Tensor expected = costs.Expected(alpha.softmax(1), scale: 4);
        expected.backward();

        // (10 + 0.25 * 2 + 0.75 * 6) / 4; derivative p1 (c1 - mean) / 4 with mean 5.
        Assert.Equal(15 / 4.0, expected.ToSingle(), 5);
        Assert.Equal(0.25 * (2 - 5) / 4, alpha.Gradient()!.Elements<float>()[0], 5);
        Assert.Equal(0.75 * (6 - 5) / 4, alpha.Gradient()!.Elements<float>()[1], 5);
    }

    [Fact]
    public void A_certain_choice_is_expected_to_cost_what_it_costs()
    {
        using DisposeScope scope = NewDisposeScope();

        Assert.Equal(33 / 7.0, EnergyDelay.Expected(tensor([0f, 1f, 1f, 0f], 2, 2), scale: 7).ToSingle(), 5);
    }
}
