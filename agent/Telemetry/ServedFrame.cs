using InstantNet.Agent.PrecisionControl;
using InstantNet.Agent.Sensors;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;

namespace InstantNet.Agent.Telemetry;

/// <summary>What is known of one frame after it was answered.</summary>
/// <param name="Release">Release that served.</param>
/// <param name="Bits">Precision it ran at.</param>
/// <param name="Choice">Why, and how many changes there were.</param>
/// <param name="LatencyMs">Milliseconds, from <see cref="FrameSources.Latency"/>.</param>
/// <param name="EnergyMj">Millijoules, from <see cref="FrameSources.Energy"/>.</param>
/// <param name="Confidence">Softmax probability of the chosen class, 0..1.</param>
/// <param name="Correct">Whether that class is right; null when nobody knows.</param>
/// <param name="Sources">Where the figures come from.</param>
/// <param name="Battery">Charge at the frame; null without a battery.</param>
internal readonly record struct ServedFrame(
    WireId Release, Precision Bits, SwitchState Choice, double LatencyMs, double EnergyMj, float Confidence, bool? Correct,
    FrameSources Sources, BatteryReading? Battery);

/// <summary>Where the figures of a frame come from.</summary>
/// <param name="Latency">Of latency.</param>
/// <param name="Energy">Of energy.</param>
/// <param name="IdleMilliwatts">Power of the device without inference, milliwatts.</param>
/// <param name="Meter">Name of the energy meter.</param>
internal readonly record struct FrameSources(MeterSource Latency, MeterSource Energy, double IdleMilliwatts, string Meter);
