using InstantNet.Agent.Activation;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;

namespace InstantNet.Tests.Unit.Agent.Activation;

public class ExecutionMachineTests
{
    private static readonly DateTimeOffset Deadline = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly (string Name, ExecutionEvent Event)[] Events =
    [
        ("started", new ExecutionEvent.Started()),
        ("offered-same", new ExecutionEvent.Offered(WireId.Parse("job-1"), 2, Deadline, LastGoodLost: false)),
        ("offered-same-lost", new ExecutionEvent.Offered(WireId.Parse("job-1"), 2, Deadline, LastGoodLost: true)),
        ("offered-older", new ExecutionEvent.Offered(WireId.Parse("job-1"), 1, Deadline, LastGoodLost: false)),
        ("offered-again", new ExecutionEvent.Offered(WireId.Parse("job-1"), 3, Deadline, LastGoodLost: false)),
        ("offered-other", new ExecutionEvent.Offered(WireId.Parse("job-2"), 1, Deadline, LastGoodLost: false)),
        ("withdrawn", new ExecutionEvent.Withdrawn("Taken back.")),
        ("late", new ExecutionEvent.DeadlinePassed("Late.")),
        ("trusted", new ExecutionEvent.Trusted(WireId.Parse("mobile-1"), 7, AlreadyServes: false)),
        ("trusted-serves", new ExecutionEvent.Trusted(WireId.Parse("mobile-1"), 7, AlreadyServes: true)),
        ("refused", new ExecutionEvent.Refused("BadSignature", "Not signed.")),
        ("done", new ExecutionEvent.StepDone()),
        ("failed", new ExecutionEvent.StepFailed("Broken", "It broke.")),
        ("held", new ExecutionEvent.Held()),
    ];

    // One row a state, one column an event in the order above. "." stays and nobody is told, "=" tells again; a name enters that state.
    private const string Table = """
        Queued       Queued      = = = . . Cancelled TimedOut     Accepted Committed Rejected .           Failed       .
        Accepted     Accepted    = = = . . Cancelled TimedOut     .        .         .        Downloading Failed       .
        Downloading  Downloading = = = . . Cancelled TimedOut     .        .         .        Verifying   Failed       .
        Verifying    Verifying   = = = . . Cancelled TimedOut     .        .         .        Staged      Failed       .
        Staged       Staged      = = = . . Cancelled TimedOut     .        .         .        Activating  Failed       Deferred
        Deferred     Deferred    = = = . . Cancelled TimedOut     .        .         .        Activating  Failed       .
        Activating   Staged      = = = . . Cancelled TimedOut     .        .         .        Trial       RollingBack  .
        Trial        Staged      = = = . . Cancelled TimedOut     .        .         .        Committed   RollingBack  .
        RollingBack  RollingBack = = = . . .         Inconsistent .        .         .        RolledBack  Inconsistent .
        Committed    Committed    = Queued = Queued Queued . . . . . . . .
        Rejected     Rejected     = = = Queued Queued . . . . . . . .
        Failed       Failed       = = = Queued Queued . . . . . . . .
        TimedOut     TimedOut     = = = Queued Queued . . . . . . . .
        Cancelled    Cancelled    = = = Queued Queued . . . . . . . .
        RolledBack   RolledBack   = = = Queued Queued . . . . . . . .
        Inconsistent Inconsistent = = = Queued Queued . . . . . . . .
        """;

    public static TheoryData<ExecutionState, string, string> Transitions()
    {
        TheoryData<ExecutionState, string, string> data = [];
        foreach (string row in Table.Split('\n'))
        {
            string[] cells = row.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            for (int i = 0; i < Events.Length; i++)
                data.Add(Enum.Parse<ExecutionState>(cells[0]), Events[i].Name, cells[i + 1]);
        }

        return data;
    }

    [Fact]
    public void The_table_holds_every_state_and_every_event() => Assert.Equal(Enum.GetValues<ExecutionState>().Length * Events.Length, Transitions().Count);

    [Theory]
    [MemberData(nameof(Transitions))]
    public void Every_event_in_every_state_leads_where_the_table_says(ExecutionState state, string happened, string expected)
    {
        ExecutionRecord now = Record(state);

        ExecutionStep step = ExecutionMachine.Next(now, Events.Single(e => e.Name == happened).Event);

        if (expected is "." or "=")
        {
            Assert.Equal(now, step.Record);
            Assert.Equal(expected == "=" ? ExecutionAction.Report : ExecutionAction.None, step.Action);
        }
        else
        {
            Assert.Equal(Enum.Parse<ExecutionState>(expected), step.Record?.State);
            Assert.NotEqual(ExecutionAction.None, step.Action);
            Assert.NotEqual(ExecutionAction.Report, step.Action);
        }
    }

    [Fact]
    public void Without_a_job_only_an_offer_means_anything()
    {
        foreach ((string name, ExecutionEvent happened) in Events.Where(e => !e.Name.StartsWith("offered", StringComparison.Ordinal)))
            Assert.True(new ExecutionStep(null, ExecutionAction.None) == ExecutionMachine.Next(null, happened), name);
        Assert.Equal(ExecutionState.Queued, ExecutionMachine.Next(null, Events[1].Event).Record?.State);
    }

    [Fact]
    public void The_third_start_in_the_middle_of_a_trial_is_a_crash_loop_and_rolls_back()
    {
        ExecutionRecord record = Record(ExecutionState.Trial);
        for (int start = 1; start < ExecutionMachine.CrashLoopStarts; start++)
        {
            record = ExecutionMachine.Next(record, new ExecutionEvent.Started()).Record!;
            Assert.Equal((ExecutionState.Staged, start), (record.State, record.CrashedStarts));
            record = record.To(ExecutionState.Activating);
        }

        record = ExecutionMachine.Next(record, new ExecutionEvent.Started()).Record!;
        Assert.Equal((ExecutionState.RollingBack, ExecutionMachine.CrashLoop), (record.State, record.Code));

        record = ExecutionMachine.Next(record, new ExecutionEvent.StepDone()).Record!;
        Assert.Equal((ExecutionState.RolledBack, ExecutionMachine.CrashLoop), (record.State, record.Code));
    }

    [Fact]
    public void Every_bad_end_says_why()
    {
        foreach ((string Name, ExecutionEvent Event) happened in Events)
        {
            foreach (ExecutionState state in Enum.GetValues<ExecutionState>().Where(s => !s.IsFinal()))
            {
                ExecutionRecord? next = ExecutionMachine.Next(Record(state), happened.Event).Record;
                if (next is not null && next.State.IsBadEnd() && next.State != ExecutionState.RolledBack)
                    Assert.False(string.IsNullOrEmpty(next.Code) || string.IsNullOrEmpty(next.Detail), $"{state} {happened.Name}");
            }
        }
    }

    [Fact]
    public void Every_unfinished_state_has_a_deadline_and_no_final_one_has()
    {
        foreach (ExecutionState state in Enum.GetValues<ExecutionState>())
            Assert.Equal(state.IsFinal(), StateDeadlines.Of(state) is null);
    }

    [Fact]
    public void The_deadline_of_the_job_binds_every_state_but_rolling_back()
    {
        DateTimeOffset soon = Deadline - TimeSpan.FromSeconds(3);
        Assert.Equal(TimeSpan.FromSeconds(3), StateDeadlines.Remaining(Record(ExecutionState.Downloading), soon));
        Assert.Equal(TimeSpan.Zero, StateDeadlines.Remaining(Record(ExecutionState.Downloading), Deadline.AddDays(1)));
        Assert.Equal(StateDeadlines.Of(ExecutionState.RollingBack), StateDeadlines.Remaining(Record(ExecutionState.RollingBack), Deadline.AddDays(1)));
    }

    private static ExecutionRecord Record(ExecutionState state) =>
        new(ExecutionRecord.FormatVersion, WireId.Parse("job-1"), 2, Deadline, state);
}
