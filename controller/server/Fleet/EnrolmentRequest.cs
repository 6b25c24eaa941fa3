using InstantNet.Contracts;

namespace InstantNet.Controller.Fleet;

/// <summary>Devices that shall belong to the fleet.</summary>
/// <param name="Ids">1 to 10,000 new ids.</param>
/// <param name="DeviceClass">What they are.</param>
/// <param name="FramesPath">File of frames that their agents read; null: frames come from elsewhere.</param>
/// <param name="FramesPerSecond">Frames due per second, above 0.</param>
/// <param name="Battery"><c>none</c>, <c>sysfs</c> or <c>simulated</c>.</param>
public sealed record EnrolmentRequest(
    IReadOnlyList<WireId>? Ids, WireId? DeviceClass, string? FramesPath = null, double FramesPerSecond = 20, string Battery = "none");

/// <summary>A device that now belongs to the fleet.</summary>
/// <param name="Id">Device.</param>
/// <param name="AgentConfiguration">File on the controller's machine that its agent is started with; it holds the password.</param>
public sealed record EnrolledDevice(WireId Id, string AgentConfiguration);
