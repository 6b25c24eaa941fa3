using InstantNet.Controller.Fleet;
using InstantNet.Controller.Storage;

namespace InstantNet.Controller.Jobs;

/// <summary>Moves an execution from one state to the next, if it is still where it was seen.</summary>
internal sealed class RecordExecution(LiveDevice device, CurrentExecution seen, CurrentExecution next) : StoreWrite
{
    /// <summary>After the commit: false when another change came first.</summary>
    public bool Applied { get; private set; }

    /// <inheritdoc/>
    public override void Execute(StoreSession session) => Applied = session.Execute(
        """
        UPDATE Executions SET State = $0, Pct = $1, Code = $2, Detail = $3, Ms = $4, ReportedAt = $5
        WHERE Job = $6 AND Device = $7 AND Attempt = $8 AND State = $9
        """,
        next.State.ToString(), next.Pct, next.Code, next.Detail, next.Ms, next.ReportedAt?.ToUnixTimeMilliseconds(),
        seen.Job.Value, device.Id.Value, seen.Attempt, seen.State.ToString()) == 1;

    /// <inheritdoc/>
    public override void OnCommitted()
    {
        if (Applied)
            device.Apply(next);
    }
}
