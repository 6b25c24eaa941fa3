using System.Text.Json;
using InstantNet.Contracts.Messages;
using InstantNet.Controller.Fleet;
using InstantNet.Controller.Storage;

namespace InstantNet.Controller.Twins;

/// <summary>Keeps a reported twin.</summary>
internal sealed class RecordReported(LiveDevice device, ReportedTwin reported, DateTimeOffset seen) : StoreWrite
{
    /// <inheritdoc/>
    public override void Execute(StoreSession session) => session.Execute(
        "UPDATE Devices SET Reported = $0, LastSeen = $1 WHERE Key = $2",
        JsonSerializer.Serialize(reported, WireJson.Default.ReportedTwin), seen.ToUnixTimeMilliseconds(), device.Key);

    /// <inheritdoc/>
    public override void OnCommitted() => device.Apply(reported, seen);
}
