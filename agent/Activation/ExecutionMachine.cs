using InstantNet.Contracts.Messages;
using static InstantNet.Contracts.Messages.ExecutionState;

namespace InstantNet.Agent.Activation;

/// <summary>The transitions of an execution. Pure: state and event in, next state and action out.</summary>
internal static class ExecutionMachine
{
    /// <summary>Starts that may find a release in the middle of activation before it is taken to crash the agent.</summary>
    public const int CrashLoopStarts = 3;

    /// <summary>Code of the roll-back that a crash loop causes.</summary>
    public const string CrashLoop = nameof(CrashLoop);

    /// <summary>Code of an execution whose time was over.</summary>
    public const string DeadlinePassed = nameof(DeadlinePassed);

    /// <summary>Code of an execution that the controller took back.</summary>
    public const string Withdrawn = nameof(Withdrawn);

    /// <summary>Decides. An event that means nothing in the present state changes nothing.</summary>
    public static ExecutionStep Next(ExecutionRecord? now, ExecutionEvent happened) => happened switch
    {
        ExecutionEvent.Offered offer => OnOffered(now, offer),
        _ when now is null => new ExecutionStep(null, ExecutionAction.None),
        ExecutionEvent.Started => OnStarted(now),
        _ when now.State.IsFinal() => Stay(now),
        ExecutionEvent.Withdrawn w => now.State == RollingBack ? Stay(now) : Enter(now.To(Cancelled, Withdrawn, w.Detail)),
        ExecutionEvent.DeadlinePassed d => Enter(now.To(now.State == RollingBack ? Inconsistent : TimedOut, DeadlinePassed, d.Detail)),
        ExecutionEvent.Trusted trusted => OnTrusted(now, trusted),
        ExecutionEvent.Refused refused => now.State == Queued ? Enter(now.To(Rejected, refused.Code, refused.Detail)) : Stay(now),
        ExecutionEvent.Held => now.State == Staged ? Enter(now.To(Deferred)) : Stay(now),
        ExecutionEvent.StepDone => OnDone(now),
        ExecutionEvent.StepFailed failed => OnFailed(now, failed),
        _ => throw new ArgumentOutOfRangeException(nameof(happened), happened, "No transition is defined for this event."),
    };

    private static ExecutionStep OnOffered(ExecutionRecord? now, ExecutionEvent.Offered offer)
    {
        if (now is not null && now.Job == offer.Job)
        {
            bool repairs = offer.LastGoodLost && now.State == Committed;
            if (offer.Attempt < now.Attempt || (offer.Attempt == now.Attempt && !repairs))
                return new ExecutionStep(now, ExecutionAction.Report);
        }

        return now is null || now.State.IsFinal()
            ? Enter(new ExecutionRecord(ExecutionRecord.FormatVersion, offer.Job, offer.Attempt, offer.Deadline, Queued))
            : Stay(now);
    }

    private static ExecutionStep OnStarted(ExecutionRecord now)
    {
        if (now.State is not (Activating or Trial))
            return Enter(now);
        int starts = now.CrashedStarts + 1;
        return starts < CrashLoopStarts
            ? Enter(now with { State = Staged, CrashedStarts = starts })
            : Enter((now with { CrashedStarts = starts }).To(
                RollingBack, CrashLoop, $"The agent stopped {starts} times while it activated or tried the release."));
    }

    private static ExecutionStep OnTrusted(ExecutionRecord now, ExecutionEvent.Trusted trusted)
    {
        if (now.State != Queued)
            return Stay(now);
        ExecutionRecord known = now with { Release = trusted.Release, Revision = trusted.Revision };
        return Enter(trusted.AlreadyServes ? known.To(Committed, detail: "The release was in service already.") : known.To(Accepted));
    }

    private static ExecutionStep OnDone(ExecutionRecord now) => now.State switch
    {
        Accepted => Enter(now.To(Downloading)),
        Downloading => Enter(now.To(Verifying)),
        Verifying => Enter(now.To(Staged)),
        Staged or Deferred => Enter(now.To(Activating)),
        Activating => Enter(now.To(Trial)),
        Trial => Enter(now.To(Committed)),
        RollingBack => Enter(now.To(RolledBack)),
        _ => Stay(now),
    };

    private static ExecutionStep OnFailed(ExecutionRecord now, ExecutionEvent.StepFailed failed) => now.State switch
    {
        Activating or Trial => Enter(now.To(RollingBack, failed.Code, failed.Detail)),
        RollingBack => Enter(now.To(Inconsistent, failed.Code, failed.Detail)),
        _ => Enter(now.To(Failed, failed.Code, failed.Detail)),
    };

    private static ExecutionStep Stay(ExecutionRecord now) => new(now, ExecutionAction.None);

    private static ExecutionStep Enter(ExecutionRecord next) => new(next, ActionOf(next.State));

    /// <summary>The work of a state; entering it again after a crash does the same work again, so all of it may be repeated.</summary>
    private static ExecutionAction ActionOf(ExecutionState state) => state switch
    {
        Queued => ExecutionAction.VerifyManifest,
        Accepted => ExecutionAction.CheckSpace,
        Downloading => ExecutionAction.Download,
        Verifying => ExecutionAction.VerifyBlobs,
        Staged => ExecutionAction.AskHold,
        Deferred => ExecutionAction.AwaitRelease,
        Activating => ExecutionAction.Load,
        Trial => ExecutionAction.Try,
        Committed => ExecutionAction.Promote,
        RollingBack => ExecutionAction.RollBack,
        Failed or TimedOut => ExecutionAction.Drop,
        Rejected or Cancelled or RolledBack or Inconsistent => ExecutionAction.Discard,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "No work is defined for this state."),
    };
}
