using InstantNet.Contracts;
using InstantNet.Controller.Fleet;

namespace InstantNet.Controller.Rollouts;

/// <summary>The clock of rollouts, and who is told when one changed: the engine and whoever watches. Thread safe.</summary>
internal sealed class RolloutEvents(TimeProvider time, FleetEvents fleet, RolloutSignal signal)
{
    public DateTimeOffset Now => time.GetUtcNow();

    public void Raise(WireId rollout)
    {
        fleet.RaiseRollout(rollout);
        signal.Raise();
    }
}
