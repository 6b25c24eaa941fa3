using System.Text.Json;
using InstantNet.Contracts.Messages;
using InstantNet.Controller.Storage;

namespace InstantNet.Controller.Fleet;

/// <summary>Keeps an accepted birth or will.</summary>
internal sealed class RecordState(LiveDevice device, DeviceState state, DateTimeOffset seen) : StoreWrite
{
    /// <inheritdoc/>
    public override void Execute(StoreSession session) => session.Execute(
        "UPDATE Devices SET State = $0, LastSeen = $1 WHERE Key = $2",
        JsonSerializer.Serialize(state, WireJson.Default.DeviceState), seen.ToUnixTimeMilliseconds(), device.Key);

    /// <inheritdoc/>
    public override void OnCommitted() => device.Apply(state, seen);
}
