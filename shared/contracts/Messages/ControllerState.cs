namespace InstantNet.Contracts.Messages;

/// <summary>Controller presence, retained, and its will.</summary>
/// <param name="V">Format version, 1.</param>
/// <param name="S">Whether a controller is there.</param>
/// <param name="Ts">Controller clock, UTC.</param>
public sealed record ControllerState(int V, Presence S, DateTimeOffset Ts)
{
    /// <summary>Version written today.</summary>
    public const int MessageVersion = 1;
}
