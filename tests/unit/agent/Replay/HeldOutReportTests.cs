using InstantNet.Agent.PrecisionControl;
using InstantNet.Agent.Replay;
using InstantNet.Contracts;

namespace InstantNet.Tests.Unit.Agent.Replay;

/// <summary>Traces on which no constant of the forecast was settled; the limits are wide, for what they guard is that nothing falls apart elsewhere.</summary>
public class HeldOutReportTests
{
    private const int Traces = 18; // three of each family
    private static readonly Lazy<HeldOutReport> Report = new(() => HeldOutReport.Of(UnseenTraces.FirstHeldOut, Traces, variants: null));

    [Fact]
    public void On_unseen_traces_the_horizon_delivers_96_percent_of_what_foresight_would_and_never_less_than_80() =>
        Assert.True(Report.Value is { MeanOfOptimum: >= 0.96, WorstOfOptimum: >= 0.80 }, $"{Report.Value.MeanOfOptimum:0.000} {Report.Value.WorstOfOptimum:0.000} {Report.Value.Worst}");

    [Fact]
    public void On_unseen_traces_it_beats_thresholds_by_far_on_the_mean_and_on_most_of_them()
    {
        Assert.True(Report.Value.MeanOfOptimum > Report.Value.MeanThresholds + 0.03);
        Assert.InRange(Report.Value.BelowThresholds, 0, 0.25);
        Assert.InRange(Report.Value.BelowBestPinned, 0, 0.15);
    }

    [Fact]
    public void On_unseen_traces_it_overruns_the_battery_by_no_more_than_2_percent_and_answers_in_time()
    {
        Assert.InRange(Report.Value.WorstOverrunPct, 0, HeldOutReport.MostOverrunPct);
        Assert.Equal(0, Report.Value.Overrun);
        Assert.InRange(Report.Value.WorstLatePct, 0, 1);
    }

    [Fact]
    public void What_even_the_lowest_precision_lacks_is_not_the_policys_fault_and_the_rest_is()
    {
        static ReplayResult Result(string policy, double overrunPct) => new(policy, 0.5, 1, 1, 0, 0, 0, 0, overrunPct, []);
        PolicyComparison poor = new("t", 1, [Result("energy horizon", 8.3), Result(PolicyComparison.Lowest, 8)]);
        PolicyComparison lucky = new("t", 1, [Result("energy horizon", 7), Result(PolicyComparison.Lowest, 8)]);

        Assert.Equal(0.3, poor.OwnOverrunPct, 9);
        Assert.Equal(8, poor.UnavoidablePct);
        Assert.Equal(0, lucky.OwnOverrunPct);
    }

    [Fact]
    public void Nothing_delivers_more_than_the_offline_optimum() =>
        Assert.All(Report.Value.Results, c => Assert.All(c.Results, r => Assert.True(r.Accuracy <= c.Optimum + 1e-9, $"{c.Trace}: {r.Policy}")));

    [Fact]
    public void A_seed_makes_the_same_case_again_and_another_one_another()
    {
        UnseenCase one = UnseenTraces.Make(42, given: null), again = UnseenTraces.Make(42, given: null), other = UnseenTraces.Make(48, given: null);

        Assert.Equal(one.Trace.Rows, again.Trace.Rows);
        Assert.Equal(one.Variants, again.Variants);
        Assert.Equal(one.Policy, again.Policy);
        Assert.NotEqual(one.Trace.CapacityJoules, other.Trace.CapacityJoules);
    }

    [Fact]
    public void Each_six_seeds_in_a_row_are_of_six_families() => Assert.Equal(
        6, Enumerable.Range(UnseenTraces.FirstHeldOut, 6).Select(s => UnseenTraces.Make(s, given: null).Trace.Name.Split('-')[0]).Distinct().Count());

    [Fact]
    public void Given_variants_are_played_instead_of_made_up_ones()
    {
        VariantCost[] mine = [new(new Precision(4), 0.7, 1, 0.02), new(new Precision(8), 0.8, 2, 0.03)];

        UnseenCase unseen = UnseenTraces.Make(UnseenTraces.FirstHeldOut, mine);

        Assert.Same(mine, unseen.Variants);
        Assert.InRange(OfflineOptimum.Accuracy(unseen.Trace, mine, 1, 1), 0.5, 0.8);
    }

    [Fact]
    public void The_table_has_a_line_for_each_family_and_one_for_all()
    {
        string[] lines = ReplayTable.Of(Report.Value).Split('\n');

        Assert.Equal(1 + 6 + 1 + 1, lines.Length);
        Assert.StartsWith("all", lines[^2], StringComparison.Ordinal);
        Assert.Contains($"Seeds {UnseenTraces.FirstHeldOut} to {UnseenTraces.FirstHeldOut + Traces - 1}", lines[^1], StringComparison.Ordinal);
    }
}
