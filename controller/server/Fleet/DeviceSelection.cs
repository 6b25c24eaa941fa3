using InstantNet.Contracts;

namespace InstantNet.Controller.Fleet;

/// <summary>Turns what an operator asked for into devices. Pure apart from reading the registry.</summary>
internal static class DeviceSelection
{
    /// <summary>A sentence naming the devices that do not exist; null when all do.</summary>
    public static string? Fault(DeviceRegistry registry, IReadOnlyList<WireId>? devices)
    {
        List<WireId> unknown = (devices ?? []).Where(d => !registry.TryGet(d, out _)).ToList();
        return unknown.Count == 0 ? null : $"Not enrolled: {string.Join(", ", unknown)}.";
    }

    /// <param name="registry">All devices.</param>
    /// <param name="devices">Which; null: all.</param>
    /// <param name="classes">Of these classes only; null: of any.</param>
    public static IReadOnlyList<LiveDevice> Of(DeviceRegistry registry, IReadOnlyList<WireId>? devices, IReadOnlyList<WireId>? classes) =>
        registry.All
            .Where(d => devices is null || devices.Contains(d.Id))
            .Where(d => classes is null || classes.Contains(d.DeviceClass))
            .ToList();
}
