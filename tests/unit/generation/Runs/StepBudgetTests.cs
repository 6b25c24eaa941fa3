using InstantNet.Generation.Runs;

namespace InstantNet.Tests.Unit.Generation.Runs;

public class StepBudgetTests
{
    [Fact]
    public void Steps_take_nine_tenths_of_what_is_left_after_recalibration_and_tests()
    {
        // 1000 s less 100 s spent, nine tenths: 810 s. 0.001 s · (30,000 + 2 · 30,000) = 90 s for the end. 720 s of 0.5 s a step.
        StepBudget budget = StepBudget.Divide(1000, 100, 0.5, 0.001, (30_000, 30_000));

        Assert.Equal((1440, 90.0, 100.0), (budget.Steps, budget.ReservedSeconds, budget.SpentSeconds));
    }

    [Fact]
    public void The_whole_run_stays_within_the_time()
    {
        for (double seconds = 60; seconds < 1e5; seconds *= 1.9)
        {
            StepBudget budget = StepBudget.Divide(seconds, 12, 0.21, 0.0004, (40_000, 30_000));

            Assert.InRange(12 + (budget.Steps * 0.21) + budget.ReservedSeconds, 0, seconds);
        }
    }

    [Fact]
    public void A_time_without_a_step_is_refused_with_what_it_would_take()
    {
        string sentence = Assert.Throws<ArgumentException>(() => StepBudget.Divide(20, 12, 0.25, 0.001, (3000, 2000))).Message;

        Assert.Contains("20 s does not suffice: 12.0 s are gone", sentence, StringComparison.Ordinal);
        Assert.Contains("take 7.0 s and one step 0.25 s", sentence, StringComparison.Ordinal);
    }
}
