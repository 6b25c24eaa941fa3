using System.Text.Json.Serialization;

namespace InstantNet.Agent.Sensors;

/// <summary>Where the device's charge is read. Thread safe.</summary>
internal interface IBattery
{
    /// <summary>The level now; null when there is no battery or it does not answer. Cheap enough for every frame.</summary>
    BatteryReading? Read();

    /// <summary>Energy of the full battery, joules; null when it is not known.</summary>
    double? CapacityJoules { get; }

    /// <summary>The first release serves from now on: a simulated battery begins its phases; a real one needs no telling.</summary>
    void Begin();

    /// <summary>Inference has drawn energy, millijoules: a simulated battery falls by it; a real one notices by itself.</summary>
    void Draw(double millijoules);
}

/// <summary>A battery at one moment.</summary>
/// <param name="Pct">Charge, percent, 0..100.</param>
/// <param name="Charging">Whether it is being charged.</param>
/// <param name="RemainingJoules">Energy that is left, joules; null when the battery does not tell.</param>
/// <param name="Watts">Power out of the battery, watts, negative while it is charged; null when it does not tell.</param>
internal readonly record struct BatteryReading(
    double Pct, bool Charging,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? RemainingJoules = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Watts = null);
