using InstantNet.Contracts;
using InstantNet.Contracts.Messages;

namespace InstantNet.Controller.Fleet;

/// <summary>Tells who watches that something changed. Thread safe; handlers must return at once.</summary>
internal sealed class FleetEvents
{
    /// <summary>What operators see of a device changed.</summary>
    public event Action<WireId>? DeviceChanged;

    /// <summary>A sample was stored.</summary>
    public event Action<WireId, TelemetrySample>? SampleStored;

    /// <summary>A rollout or one of its executions changed.</summary>
    public event Action<WireId>? RolloutChanged;

    public void RaiseDevice(WireId device) => DeviceChanged?.Invoke(device);

    public void RaiseSample(WireId device, TelemetrySample sample) => SampleStored?.Invoke(device, sample);

    public void RaiseRollout(WireId rollout) => RolloutChanged?.Invoke(rollout);
}
