using InstantNet.Generation.Comparisons;

namespace InstantNet.Tests.Unit.Generation.Comparisons;

public class ComparisonBudgetTests
{
    private static readonly ComparisonBudget Most = new(Steps: 100_000, TestImages: 10_000, RecalibrationImages: 10_000);

    [Fact]
    public void Steps_take_what_tests_and_recalibration_leave()
    {
        // Two runs at two bit-widths: 2 · 1 ms · (10,000 · 2 + 10,000 · 3) = 100 s; 900 s are left for steps of 1 + 2 s.
        ComparisonBudget budget = ComparisonBudget.Divide(1000, [1, 2], 0.001, 2, Most);

        Assert.Equal(new ComparisonBudget(300, 10_000, 10_000), budget);
    }

    [Fact]
    public void A_short_budget_looks_at_fewer_images_and_spends_at_most_a_quarter_on_them()
    {
        ComparisonBudget budget = ComparisonBudget.Divide(200, [1, 2], 0.001, 2, Most);

        Assert.Equal((50, 5000, 5000), (budget.Steps, budget.TestImages, budget.RecalibrationImages));
    }

    [Fact]
    public void All_runs_together_stay_within_the_time()
    {
        for (double seconds = 10; seconds < 2000; seconds *= 1.7)
        {
            ComparisonBudget budget = ComparisonBudget.Divide(seconds, [0.1, 0.2, 0.4], 0.0005, 4, Most);

            double took = (budget.Steps * 0.7) + (3 * 0.0005 * ((budget.TestImages * 4) + (budget.RecalibrationImages * 5)));
            Assert.InRange(took, 0, seconds);
        }
    }

    [Fact]
    public void Never_more_steps_or_images_than_allowed()
    {
        Assert.Equal(new ComparisonBudget(5, 100, 40), ComparisonBudget.Divide(1e6, [1], 0.001, 2, new ComparisonBudget(5, 100, 40)));
    }

    [Fact]
    public void A_budget_without_a_step_is_refused_with_what_it_would_take()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => ComparisonBudget.Divide(3, [2, 3], 0.001, 2, Most));

        Assert.Contains("one step of every run takes 5.0 s", e.Message, StringComparison.Ordinal);
    }
}
