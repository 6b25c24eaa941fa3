using InstantNet.Contracts.Messages;
using InstantNet.Controller.Fleet;

namespace InstantNet.Controller.Jobs;

/// <summary>What becomes of an execution when the device reports or time passes. Pure.</summary>
internal static class ExecutionRule
{
    /// <summary>The execution after a report; null when the report changes nothing.</summary>
    /// <remarks>Reports may arrive twice and, after a reconnect, late. An end stays, with one exception: ends that the controller only
    /// assumed (timed out, cancelled) give way to what the device says really happened.</remarks>
    public static CurrentExecution? AfterReport(CurrentExecution current, JobStatus report)
    {
        if (report.Job != current.Job || report.Attempt != current.Attempt)
            return null;
        if (current.State.IsFinal())
        {
            bool assumed = current.State is ExecutionState.TimedOut or ExecutionState.Cancelled;
            if (!assumed || !report.State.IsFinal() || report.State == current.State)
                return null;
        }
        else if (!report.State.IsFinal() && report.Ts < current.ReportedAt)
        {
            return null;
        }

        return current with
        {
            State = report.State,
            Pct = report.Pct,
            Code = report.Code,
            Detail = report.Detail,
            Ms = report.Ms,
            ReportedAt = report.Ts,
        };
    }

    /// <summary>True when a device works on something that is not, or no longer, its job.</summary>
    /// <param name="current">What it should do; null for nothing.</param>
    /// <param name="report">What it does.</param>
    public static bool IsUnwanted(CurrentExecution? current, JobStatus report) =>
        !report.State.IsFinal()
        && (current is null || current.State.IsFinal() || current.Job != report.Job || current.Attempt != report.Attempt);

    /// <summary>The execution after its deadline; null while it has time, or has ended.</summary>
    public static CurrentExecution? AfterDeadline(CurrentExecution current, DateTimeOffset now) =>
        current.State.IsFinal() || now < current.Deadline
            ? null
            : current with { State = ExecutionState.TimedOut, Code = "DeadlinePassed", Detail = $"Not ended by {current.Deadline:u}; last state was {current.State}." };

    /// <summary>The execution after an operator or a gate withdrew it; null when it has ended.</summary>
    public static CurrentExecution? AfterWithdrawal(CurrentExecution current, string reason) =>
        current.State.IsFinal() ? null : current with { State = ExecutionState.Cancelled, Code = "Withdrawn", Detail = reason };
}
