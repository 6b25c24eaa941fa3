using InstantNet.Contracts;
using InstantNet.Contracts.Messages;

namespace InstantNet.Controller.Api;

/// <summary>First event of a stream.</summary>
/// <param name="Now">Controller clock.</param>
/// <param name="Controller">Version of the controller.</param>
public sealed record HelloEvent(DateTimeOffset Now, string Controller);

/// <summary>A stored sample.</summary>
/// <param name="Device">Whose.</param>
/// <param name="Sample">The sample.</param>
public sealed record TelemetryEvent(WireId Device, TelemetrySample Sample);

/// <summary>Whether the controller works.</summary>
/// <param name="Status"><c>ok</c> or <c>degraded</c>.</param>
/// <param name="Broker">Whether the link to the broker stands, and if not, why.</param>
/// <param name="Devices">Enrolled devices.</param>
public sealed record HealthView(string Status, string Broker, int Devices);
