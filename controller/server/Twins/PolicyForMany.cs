using InstantNet.Contracts;
using InstantNet.Contracts.Messages;

namespace InstantNet.Controller.Twins;

/// <summary>A policy for several devices at once.</summary>
/// <param name="Policy">How to choose the precision.</param>
/// <param name="Devices">Which; null: all of the classes.</param>
/// <param name="DeviceClasses">Of these classes only; null: of any.</param>
public sealed record PolicyForMany(PrecisionPolicy? Policy, IReadOnlyList<WireId>? Devices, IReadOnlyList<WireId>? DeviceClasses);

/// <summary>A policy was stored and is on its way.</summary>
/// <param name="Version">Highest version of a desired twin that holds it.</param>
/// <param name="Devices">How many devices shall apply it.</param>
public sealed record PolicyAccepted(long Version, int Devices);
