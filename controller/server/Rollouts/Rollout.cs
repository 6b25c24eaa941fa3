using InstantNet.Contracts;

namespace InstantNet.Controller.Rollouts;

/// <summary>A release on its way to devices, wave by wave, as the store knows it.</summary>
internal sealed class Rollout
{
    public required WireId Id { get; init; }

    public required WireId Release { get; init; }

    public RolloutState State { get; init; } = RolloutState.Running;

    /// <summary>Why it failed or was cancelled.</summary>
    public string? Reason { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Time that each device has from its offer.</summary>
    public required int DeadlineSeconds { get; init; }

    /// <summary>Wave that is offered now, from 0.</summary>
    public int CurrentWave { get; init; }

    /// <summary>See <see cref="WaveRules.MaxFailedShare"/>.</summary>
    public required double MaxFailedShare { get; init; }

    /// <summary>See <see cref="WaveRules.MinEnded"/>.</summary>
    public required int MinEnded { get; init; }

    /// <summary>What its gates demand.</summary>
    public WaveRules Rules() => new(MaxFailedShare, MinEnded);
}
