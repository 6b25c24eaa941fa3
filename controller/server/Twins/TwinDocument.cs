using System.Text.Json;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Controller.Broker;
using InstantNet.Controller.Fleet;

namespace InstantNet.Controller.Twins;

/// <summary>The desired twin on the wire.</summary>
internal sealed class TwinDocument(Topics topics) : IRetainedDocument
{
    /// <inheritdoc/>
    public string Topic(WireId device) => topics.DesiredTwin(device);

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Compose(LiveDevice device) =>
        device.Desired is { } desired ? JsonSerializer.SerializeToUtf8Bytes(desired, WireJson.Default.DesiredTwin) : default;
}
