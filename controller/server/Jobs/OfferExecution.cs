using InstantNet.Controller.Fleet;
using InstantNet.Controller.Storage;

namespace InstantNet.Controller.Jobs;

/// <summary>Makes a queued execution the device's current job.</summary>
internal sealed class OfferExecution(LiveDevice device, CurrentExecution offer, DateTimeOffset now) : StoreWrite
{
    /// <summary>After the commit: false when the execution was withdrawn meanwhile.</summary>
    public bool Applied { get; private set; }

    /// <inheritdoc/>
    public override void Execute(StoreSession session) => Applied = session.Execute(
        "UPDATE Executions SET OfferedAt = $0, Deadline = $1 WHERE Job = $2 AND Device = $3 AND State = 'Queued'",
        now.ToUnixTimeMilliseconds(), offer.Deadline.ToUnixTimeMilliseconds(), offer.Job.Value, device.Id.Value) == 1;

    /// <inheritdoc/>
    public override void OnCommitted()
    {
        if (Applied)
            device.Apply(offer);
    }
}
