using System.Text.Json.Serialization;
using InstantNet.Contracts.Messages;

namespace InstantNet.Controller.Rollouts;

/// <summary>States of a rollout; all but the first are ends.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<RolloutState>))]
public enum RolloutState
{
    /// <summary>Waves are offered one after the other.</summary>
    Running,

    /// <summary>Every device ended, and few enough badly.</summary>
    Completed,

    /// <summary>A gate closed: nothing more is offered.</summary>
    Failed,

    /// <summary>An operator stopped it.</summary>
    Cancelled,
}
