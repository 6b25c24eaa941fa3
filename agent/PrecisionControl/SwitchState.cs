using InstantNet.Contracts;
using InstantNet.Contracts.Messages;

namespace InstantNet.Agent.PrecisionControl;

/// <summary>All that a precision decision remembers. A value: passed in, returned changed.</summary>
/// <param name="Variant">Index of the variant in use among the resident ones.</param>
/// <param name="Reason">What decided it.</param>
/// <param name="Binding">Which limit keeps it from more bits; what a later step up will be put down to.</param>
/// <param name="BatteryCap">Battery cap in force, hysteresis included; 32 when none.</param>
/// <param name="SinceTicks">When it was chosen, timestamp ticks.</param>
/// <param name="NextStepUpTicks">Before that, the switch rate allows no step up, timestamp ticks.</param>
/// <param name="Switches">Changes of precision so far.</param>
/// <param name="ThermalCap">Cap by temperature in force, hysteresis included; 32 when none.</param>
internal readonly record struct SwitchState(
    int Variant, SwitchReason Reason, SwitchReason Binding, Precision BatteryCap, long SinceTicks, long NextStepUpTicks, long Switches,
    Precision ThermalCap = default);
