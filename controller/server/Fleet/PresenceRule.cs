using InstantNet.Contracts.Messages;

namespace InstantNet.Controller.Fleet;

/// <summary>Which births and wills count. Pure.</summary>
/// <remarks>Source: Sparkplug 3.0, section 6.4 on bdSeq: a death whose number is not the last birth's belongs to a connection that was already
/// replaced. Births always count: a device whose disk was wiped starts its epochs over.</remarks>
internal static class PresenceRule
{
    /// <param name="last">What counted last; null when the device never spoke.</param>
    /// <param name="incoming">A birth or a will.</param>
    public static bool Counts(DeviceState? last, DeviceState incoming) =>
        incoming.S == Presence.Online || last is null || last.Epoch == incoming.Epoch;
}
