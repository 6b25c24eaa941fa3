using InstantNet.Generation.Search;

namespace InstantNet.Tests.Unit.Generation.Search;

public class CostSteeringTests
{
    private static readonly TargetBand Band = new(10, 20);

    [Theory]
    [InlineData(21, 4)]
    [InlineData(9, 1)]
    [InlineData(10, 2)]
    [InlineData(20, 2)]
    public void Lambda_doubles_above_the_band_and_halves_below_it(double cost, double expected) => Assert.Equal(expected, CostSteering.Next(2, cost, Band));

    [Theory]
    [InlineData(0.125, 9, -0.125)]
    [InlineData(-0.125, 9, -0.25)]
    [InlineData(-0.25, 21, -0.125)]
    [InlineData(-0.125, 21, 0.125)]
    public void Below_the_least_lambda_the_sign_turns(double lambda, double cost, double expected) =>
        Assert.Equal(expected, CostSteering.Next(lambda, cost, Band));

    [Fact]
    public void Lambda_stays_where_it_can_come_back_from()
    {
        double high = 1, low = 1;
        for (int i = 0; i < 50; i++)
            (high, low) = (CostSteering.Next(high, 100, Band), CostSteering.Next(low, 0, Band));

        Assert.Equal(64, high);
        Assert.Equal(-64, low);
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 2.64)]
    [InlineData(24, 0.13954)]
    public void The_temperature_falls_by_a_factor_an_epoch(int epoch, double expected) => Assert.Equal(expected, new TemperatureSchedule().At(epoch), 5);
}
