using System.Text.Json.Serialization;

namespace InstantNet.Contracts.Messages;

/// <summary>Birth message of a device, and its will with <see cref="Presence"/> offline and the same <see cref="Epoch"/>.</summary>
/// <remarks>A will whose epoch is not the last birth's is ignored: it belongs to a connection that was already replaced.</remarks>
/// <param name="V">Version of this message, <see cref="MessageVersion"/>.</param>
/// <param name="S">Whether the device is there.</param>
/// <param name="Epoch">Grows with every connection of this device; kept on its disk.</param>
/// <param name="Boot">Starts of the agent since it was installed.</param>
/// <param name="Ts">Device clock, UTC.</param>
/// <param name="Agent">Version of the agent.</param>
/// <param name="DeviceClass">Which cost table applies.</param>
/// <param name="Release">Committed release; null before the first.</param>
/// <param name="Bits">Precision in use; null before the first release.</param>
/// <param name="Caps">What the agent can do, for example <c>meter:modelled</c>.</param>
public sealed record DeviceState(
    int V, Presence S, long Epoch, int Boot, DateTimeOffset Ts, string Agent, WireId DeviceClass, WireId? Release, Precision? Bits, IReadOnlyList<string> Caps)
{
    /// <summary>Version written today.</summary>
    public const int MessageVersion = 1;
}

/// <summary>Whether a device is there.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<Presence>))]
public enum Presence
{
    /// <summary>The connection broke, or the device said goodbye.</summary>
    Offline,

    /// <summary>Connected.</summary>
    Online,
}
