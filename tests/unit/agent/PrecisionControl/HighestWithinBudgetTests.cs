using InstantNet.Agent.PrecisionControl;
using InstantNet.Contracts;

namespace InstantNet.Tests.Unit.Agent.PrecisionControl;

public class HighestWithinBudgetTests
{
    private static readonly VariantCost[] Variants =
    [
        new(new Precision(4), 0.80, 2, 1), new(new Precision(8), 0.88, 4, 3), new(new Precision(16), 0.89, 9, 6), new(new Precision(32), 0.90, 20, 18),
    ];

    [Theory]
    [InlineData(30, 20.0, 32)]
    [InlineData(30, 5.0, 8)] // energy binds
    [InlineData(3, 20.0, 4)] // latency binds
    [InlineData(9, 6.0, 16)] // limits are inclusive
    public void Picks_the_most_accurate_variant_that_fits_both_budgets(double latencyMs, double millijoules, int expectedBits) =>
        Assert.Equal(expectedBits, Choose(Budget.Unlimited with { LatencyMs = latencyMs, EnergyMj = millijoules }));

    [Theory]
    [InlineData(1, 0.5)] // neither fits
    [InlineData(1, 20.0)] // nothing is fast enough
    [InlineData(30, -4.0)] // idle power alone is over the budget
    public void Falls_back_to_the_cheapest_variant_when_none_fits(double latencyMs, double millijoules) =>
        Assert.Equal(4, Choose(Budget.Unlimited with { LatencyMs = latencyMs, EnergyMj = millijoules }));

    [Fact]
    public void Holds_the_energy_budget_before_the_latency_objective_when_both_cannot_be_met()
    {
        VariantCost[] slowButFrugal = [new(new Precision(4), 0.8, 9, 1), new(new Precision(8), 0.9, 2, 5)];

        int chosen = new HighestWithinBudget().Choose(slowButFrugal, Budget.Unlimited with { LatencyMs = 1, EnergyMj = 2 });

        Assert.Equal(4, slowButFrugal[chosen].Bits.Bits);
    }

    [Theory]
    [InlineData(8, 16, 16)]
    [InlineData(5, 7, 4)] // nothing in between: the upper limit holds, the lower one cannot
    [InlineData(2, 3, 4)] // nothing is low enough: the lowest there is
    [InlineData(16, 8, 8)] // a battery cap below the floor wins
    public void Keeps_to_the_limits_on_bits(int min, int max, int expectedBits) =>
        Assert.Equal(expectedBits, Choose(Budget.Unlimited with { Min = new Precision(min), Max = new Precision(max) }));

    [Fact]
    public void A_floor_holds_even_when_the_energy_budget_does_not() =>
        Assert.Equal(8, Choose(Budget.Unlimited with { Min = new Precision(8), EnergyMj = 0.5 }));

    [Theory]
    [InlineData(8, 8)]
    [InlineData(7, 4)] // no such variant: the next one below
    [InlineData(2, 4)] // none below: the lowest
    public void A_pin_holds_its_precision_whatever_it_costs(int pin, int expectedBits)
    {
        int chosen = new PinnedPrecision().Choose(Variants, Budget.Unlimited with { Max = new Precision(pin), EnergyMj = 0, LatencyMs = 0 });

        Assert.Equal(expectedBits, Variants[chosen].Bits.Bits);
    }

    private static int Choose(Budget budget) => Variants[new HighestWithinBudget().Choose(Variants, budget)].Bits.Bits;
}
