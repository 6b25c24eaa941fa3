using InstantNet.Agent.Sensors;
using InstantNet.Agent.Telemetry;
using InstantNet.Contracts;

namespace InstantNet.Agent.Inference;

/// <summary>What the data plane needs to know of the device.</summary>
/// <param name="DeviceClass">Which of a release's cost predictions apply.</param>
/// <param name="FramesPerSecond">Above 0 to 100000.</param>
/// <param name="TelemetryWindow">Length of a telemetry window, 100 ms to 10 min.</param>
/// <param name="Spool">Where telemetry waits.</param>
/// <param name="Meters">What energy may be measured with.</param>
/// <param name="Models">Opens models.</param>
/// <param name="Budget">What telemetry may take of a metered link; null for no limit.</param>
internal sealed record DataPlaneOptions(
    WireId DeviceClass, double FramesPerSecond, TimeSpan TelemetryWindow, SpoolOptions Spool, MeterSources Meters, OptimizedModels Models,
    ByteBudget? Budget = null);
