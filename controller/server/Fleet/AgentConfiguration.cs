using InstantNet.Contracts;

namespace InstantNet.Controller.Fleet;

/// <summary>The file that an agent is started with, as far as the enrolment knows it.</summary>
/// <param name="V">Format version, 1.</param>
/// <param name="Tenant">Whose fleet it is.</param>
/// <param name="Device">Id and user name.</param>
/// <param name="DeviceClass">Which cost table applies.</param>
/// <param name="AgentData">Folder of the agent.</param>
/// <param name="Broker">Where to connect, and as whom.</param>
/// <param name="TrustedKeys">PEM public keys whose releases it installs.</param>
/// <param name="Frames">Where frames come from.</param>
/// <param name="Battery">Where the charge comes from.</param>
/// <param name="Delivery">How blobs are fetched.</param>
/// <param name="Telemetry">Windows and spool.</param>
/// <param name="Status">Local HTTP endpoint.</param>
public sealed record AgentConfiguration(
    int V, WireId Tenant, WireId Device, WireId DeviceClass, string AgentData, AgentBroker Broker, IReadOnlyList<string> TrustedKeys,
    AgentFrames Frames, AgentBattery Battery, AgentDelivery Delivery, AgentTelemetry Telemetry, AgentStatus Status)
{
    /// <summary>Version written today.</summary>
    public const int FormatVersion = 1;
}

/// <summary>Where an agent connects, and as whom.</summary>
/// <param name="Host">Host name or address.</param>
/// <param name="Port">TCP port.</param>
/// <param name="Username">The device's id.</param>
/// <param name="Password">256 random bits, base64url.</param>
/// <param name="Tls">Whether the connection is encrypted.</param>
public sealed record AgentBroker(string Host, int Port, string Username, string Password, bool Tls);

/// <summary>Where an agent's frames come from.</summary>
/// <param name="Source"><c>file</c> or <c>none</c>.</param>
/// <param name="Path">The file; null without one.</param>
/// <param name="PerSecond">Frames due per second.</param>
public sealed record AgentFrames(string Source, string? Path, double PerSecond);

/// <summary>Where an agent's charge comes from.</summary>
/// <param name="Source"><c>none</c>, <c>sysfs</c> or <c>simulated</c>.</param>
/// <param name="CapacityJoules">Of a simulated battery.</param>
/// <param name="StartPct">Of a simulated battery.</param>
public sealed record AgentBattery(string Source, double CapacityJoules, double StartPct);

/// <summary>How an agent fetches blobs.</summary>
/// <param name="MaxBytesPerSecond">0: as fast as it can.</param>
/// <param name="WindowChunks">Chunks asked for at a time.</param>
public sealed record AgentDelivery(long MaxBytesPerSecond, int WindowChunks);

/// <summary>How an agent keeps telemetry.</summary>
/// <param name="WindowMs">Length of a window, milliseconds.</param>
/// <param name="MaxSpoolBytes">Disk it may use while it is offline.</param>
public sealed record AgentTelemetry(int WindowMs, long MaxSpoolBytes);

/// <summary>An agent's local HTTP endpoint.</summary>
/// <param name="Port">0: any free one.</param>
public sealed record AgentStatus(int Port);
