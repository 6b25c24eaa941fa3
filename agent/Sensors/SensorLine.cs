using System.Text.Json.Serialization;
using InstantNet.Contracts.Messages;

namespace InstantNet.Agent.Sensors;

/// <summary>One figure of one sensor, for people and collectors.</summary>
/// <param name="Sensor">Kind, and after a colon which one.</param>
/// <param name="Quantity">What it is of.</param>
/// <param name="Value">In <paramref name="Unit"/>; null when there is none.</param>
/// <param name="Unit">Unit, as Prometheus names it.</param>
/// <param name="Source">Whether it is measured, modelled or estimated.</param>
/// <param name="Problem">Why there is no value; null when there is one.</param>
internal sealed record SensorLine(
    string Sensor, string Quantity,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Value,
    string Unit, MeterSource Source,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Problem)
{
    /// <summary>A figure.</summary>
    public static SensorLine Of(string sensor, string quantity, double value, string unit) =>
        new(sensor, quantity, value, unit, MeterSource.Measured, null);

    /// <summary>No figure.</summary>
    public static SensorLine Failed(string sensor, string quantity, string unit, SensorFault fault) =>
        new(sensor, quantity, null, unit, MeterSource.Measured, fault.Words());
}
