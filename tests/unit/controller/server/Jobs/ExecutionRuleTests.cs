using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Controller.Fleet;
using InstantNet.Controller.Jobs;

namespace InstantNet.Tests.Unit.Controller.Jobs;

public class ExecutionRuleTests
{
    private static readonly CurrentExecution Offered = new(
        WireId.Parse("job-1"), 1, WireId.Parse("rel-1"), SomeFleet.Now.AddHours(1), ExecutionState.Queued, null, null, null, 0, null);

    [Fact]
    public void A_report_moves_the_execution_on()
    {
        CurrentExecution? next = ExecutionRule.AfterReport(Offered, Report(ExecutionState.Downloading, pct: 40));

        Assert.Equal((ExecutionState.Downloading, 40), (next!.State, next.Pct!.Value));
    }

    [Fact]
    public void A_device_that_works_on_what_nobody_wants_any_more_is_known()
    {
        JobStatus works = Report(ExecutionState.Downloading);

        Assert.False(ExecutionRule.IsUnwanted(Offered, works));
        Assert.True(ExecutionRule.IsUnwanted(null, works));
        Assert.True(ExecutionRule.IsUnwanted(Offered with { State = ExecutionState.Cancelled }, works));
        Assert.True(ExecutionRule.IsUnwanted(Offered with { Job = WireId.Parse("job-2") }, works));
        Assert.True(ExecutionRule.IsUnwanted(Offered with { Attempt = 2 }, works));
        Assert.False(ExecutionRule.IsUnwanted(null, works with { State = ExecutionState.Committed }));
    }

    [Theory]
    [InlineData("job-2", 1)]
    [InlineData("job-1", 2)]
    public void A_report_about_another_job_or_attempt_changes_nothing(string job, int attempt) =>
        Assert.Null(ExecutionRule.AfterReport(Offered, Report(ExecutionState.Committed) with { Job = WireId.Parse(job), Attempt = attempt }));

    [Fact]
    public void A_late_copy_of_an_earlier_report_changes_nothing()
    {
        CurrentExecution trial = ExecutionRule.AfterReport(Offered, Report(ExecutionState.Trial, second: 5))!;

        Assert.Null(ExecutionRule.AfterReport(trial, Report(ExecutionState.Downloading, second: 2)));
    }

    [Theory]
    [InlineData(ExecutionState.Committed, ExecutionState.Failed)]
    [InlineData(ExecutionState.Failed, ExecutionState.Committed)]
    [InlineData(ExecutionState.Rejected, ExecutionState.Downloading)]
    [InlineData(ExecutionState.TimedOut, ExecutionState.Downloading)]
    public void An_end_stays(ExecutionState end, ExecutionState report) =>
        Assert.Null(ExecutionRule.AfterReport(Offered with { State = end }, Report(report)));

    [Theory]
    [InlineData(ExecutionState.TimedOut)]
    [InlineData(ExecutionState.Cancelled)]
    public void An_end_that_was_only_assumed_gives_way_to_what_really_happened(ExecutionState assumed) =>
        Assert.Equal(ExecutionState.Committed, ExecutionRule.AfterReport(Offered with { State = assumed }, Report(ExecutionState.Committed))!.State);

    [Fact]
    public void The_deadline_ends_what_has_not_ended()
    {
        Assert.Null(ExecutionRule.AfterDeadline(Offered, Offered.Deadline.AddSeconds(-1)));
        Assert.Equal(ExecutionState.TimedOut, ExecutionRule.AfterDeadline(Offered, Offered.Deadline)!.State);
        Assert.Null(ExecutionRule.AfterDeadline(Offered with { State = ExecutionState.Committed }, Offered.Deadline.AddDays(1)));
    }

    [Fact]
    public void What_has_ended_is_not_withdrawn()
    {
        Assert.Equal(ExecutionState.Cancelled, ExecutionRule.AfterWithdrawal(Offered, "why")!.State);
        Assert.Null(ExecutionRule.AfterWithdrawal(Offered with { State = ExecutionState.Committed }, "why"));
    }

    private static JobStatus Report(ExecutionState state, int? pct = null, double second = 1) =>
        new(JobStatus.MessageVersion, Offered.Job, 1, Offered.Release, state, pct, null, null, 10, SomeFleet.Now.AddSeconds(second));
}
