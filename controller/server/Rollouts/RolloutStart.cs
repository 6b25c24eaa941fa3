using InstantNet.Contracts;

namespace InstantNet.Controller.Rollouts;

/// <summary>What became of a rollout that was asked for.</summary>
/// <param name="Rollout">Its id when it runs; else null.</param>
/// <param name="Fault">Why it does not, as a sentence.</param>
/// <param name="IsConflict">True when it is the fleet's present state that stands against it.</param>
internal sealed record RolloutStart(WireId? Rollout, string? Fault, bool IsConflict)
{
    public static RolloutStart Started(WireId rollout) => new(rollout, null, IsConflict: false);

    public static RolloutStart Refused(string fault) => new(null, fault, IsConflict: false);

    public static RolloutStart Conflict(string fault) => new(null, fault, IsConflict: true);
}
