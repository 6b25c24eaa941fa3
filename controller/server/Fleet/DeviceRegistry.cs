using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using InstantNet.Contracts;

namespace InstantNet.Controller.Fleet;

/// <summary>Every enrolled device, live. Thread safe.</summary>
internal sealed class DeviceRegistry
{
    private readonly ConcurrentDictionary<WireId, LiveDevice> _devices = new();

    public int Count => _devices.Count;

    /// <summary>All devices, ordered by id.</summary>
    public IReadOnlyList<LiveDevice> All => [.. _devices.Values.OrderBy(d => d.Id.Value, StringComparer.Ordinal)];

    public bool TryGet(WireId id, [NotNullWhen(true)] out LiveDevice? device) => _devices.TryGetValue(id, out device);

    public void Add(LiveDevice device) => _devices[device.Id] = device;
}
