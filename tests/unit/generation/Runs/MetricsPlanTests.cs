using InstantNet.Generation.Runs;

namespace InstantNet.Tests.Unit.Generation.Runs;

public class MetricsPlanTests
{
    [Fact]
    public void A_usual_run_is_tested_ten_times_on_a_thousand_images()
    {
        // 60,000 images, three epochs of 64.
        MetricsPlan plan = MetricsPlan.Of(steps: 2813, epochs: 3, batchSize: 64, testImages: 10_000);

        Assert.Equal(new MetricsPlan(14, 281, 1000), plan);
        Assert.Equal(11, Enumerable.Range(1, 2813).Count(s => plan.Evaluates(s, 2813)));
    }

    [Fact]
    public void A_long_run_is_tested_once_an_epoch()
    {
        MetricsPlan plan = MetricsPlan.Of(steps: 20_000, epochs: 40, batchSize: 64, testImages: 10_000);

        Assert.Equal(20_000 / 40, plan.EvaluateEvery);
    }

    [Theory]
    [InlineData(94, 2)]
    [InlineData(300, 1)]
    [InlineData(2813, 3)]
    [InlineData(100_000, 200)]
    public void Tests_take_a_twentieth_of_the_time_when_a_forward_pass_is_a_quarter_of_a_training_pass(int steps, double epochs)
    {
        MetricsPlan plan = MetricsPlan.Of(steps, epochs, batchSize: 64, testImages: 10_000);

        double evaluations = Enumerable.Range(1, steps).Count(s => plan.Evaluates(s, steps));
        Assert.InRange((evaluations - 1) * plan.TestImages * 0.25 / (steps * 64.0), 0, 0.051);
    }

    [Fact]
    public void The_shortest_run_is_reported_and_tested_at_its_only_step()
    {
        MetricsPlan plan = MetricsPlan.Of(steps: 1, epochs: 0.1, batchSize: 2, testImages: 5);

        Assert.True(plan.Reports(1, 1) && plan.Evaluates(1, 1));
        Assert.Equal(5, plan.TestImages);
    }
}
