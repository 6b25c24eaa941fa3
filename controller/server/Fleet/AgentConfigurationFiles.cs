using System.Text.Json;
using InstantNet.Contracts.Messages;
using InstantNet.Controller.Api;
using InstantNet.Controller.Broker;
using InstantNet.Controller.Hosting;
using InstantNet.Controller.Releases;

namespace InstantNet.Controller.Fleet;

/// <summary>Writes the files that agents are started with.</summary>
internal sealed class AgentConfigurationFiles(DataFolder folder, BrokerOptions broker, ReleaseKeyRing keys, Topics topics)
{
    private const double SimulatedCapacityJoules = 20;
    private const double FullPct = 100;
    private const int WindowChunks = 8;
    private const long MaxSpoolBytes = 16 * 1024 * 1024;

    /// <summary>Writes one file, readable by its owner only.</summary>
    /// <returns>Its path.</returns>
    public string Write(Device device, string password, EnrolmentRequest request)
    {
        PrivateFile.CreateFolder(folder.Device(device.Id));
        AgentConfiguration configuration = new(
            AgentConfiguration.FormatVersion, topics.Tenant, device.Id, device.DeviceClass, Path.Combine(folder.Device(device.Id), "agent"),
            new AgentBroker(broker.Host, broker.Port, device.Id.Value, password, Tls: false),
            keys.PublicPems,
            new AgentFrames(request.FramesPath is null ? "none" : "file", request.FramesPath, request.FramesPerSecond),
            new AgentBattery(request.Battery, SimulatedCapacityJoules, FullPct),
            new AgentDelivery(MaxBytesPerSecond: 0, WindowChunks),
            new AgentTelemetry(device.TelemetryWindowMs, MaxSpoolBytes),
            new AgentStatus(Port: 0));
        string path = folder.AgentConfiguration(device.Id);
        PrivateFile.Write(path, JsonSerializer.Serialize(configuration, ApiJson.Indented.AgentConfiguration) + "\n");
        return path;
    }
}
