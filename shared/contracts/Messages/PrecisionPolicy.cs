using System.Text.Json.Serialization;

namespace InstantNet.Contracts.Messages;

/// <summary>How a device chooses its precision; pushed in the desired twin, applied without restart.</summary>
/// <param name="Mode">Choose, or hold one precision.</param>
/// <param name="Pin">Precision to hold when pinned.</param>
/// <param name="Min">Never below, unless no such variant is offered.</param>
/// <param name="Max">Never above.</param>
/// <param name="Budget">Energy per time, or a battery that must last.</param>
/// <param name="Slo">Latency objective.</param>
/// <param name="Battery">Caps by battery level, any order; the tightest that applies holds.</param>
/// <param name="Hysteresis">What keeps the choice from flapping.</param>
/// <param name="MaxSwitchesPerMinute">Upper bound on changes, 1 to 6000; a forced step down is never delayed by it.</param>
/// <param name="Thermal">Caps by temperature.</param>
public sealed record PrecisionPolicy(
    PolicyMode Mode = PolicyMode.Auto,
    Precision? Pin = null,
    Precision? Min = null,
    Precision? Max = null,
    EnergyBudget? Budget = null,
    LatencyObjective? Slo = null,
    IReadOnlyList<BatteryBand>? Battery = null,
    HysteresisBand? Hysteresis = null,
    int MaxSwitchesPerMinute = 60,
    ThermalCaps? Thermal = null)
{
    /// <summary>What a device does before it was told anything: 8 bits below half a battery, 4 below a fifth.</summary>
    public static PrecisionPolicy Default { get; } = new(
        Battery: [new BatteryBand(50, new Precision(8)), new BatteryBand(20, new Precision(4))],
        Hysteresis: new HysteresisBand(3, 500));

    /// <summary>Every fault of a policy that came from outside, one sentence each; empty when it can be applied.</summary>
    public IReadOnlyList<string> Faults() => [.. PolicyFaults.Of(this)];
}

/// <summary>Choose, or hold.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<PolicyMode>))]
public enum PolicyMode
{
    /// <summary>The device chooses within its budgets.</summary>
    Auto,

    /// <summary>The device holds one precision.</summary>
    Pin,
}

/// <summary>Energy that inference may take: so much an hour, or what the battery holds until it is charged again; one of the two.</summary>
/// <param name="JoulesPerHour">Average power times an hour, positive.</param>
/// <param name="LastUntil">When the battery is charged next.</param>
/// <param name="ReservePct">Charge that shall be left then, percent, 0 to 90.</param>
public sealed record EnergyBudget(double? JoulesPerHour = null, LastUntil? LastUntil = null, double ReservePct = EnergyBudget.DefaultReservePct)
{
    /// <summary>Two steps of a gauge that tells whole percents: what it says and what is there differ by as much.</summary>
    public const double DefaultReservePct = 2;
}

/// <summary>Latency that inference may take.</summary>
/// <param name="P95Ms">95th percentile in milliseconds, positive.</param>
public sealed record LatencyObjective(double P95Ms);

/// <summary>Cap on precision while the battery is low.</summary>
/// <param name="Below">Percent of charge under which the cap holds, above 0 to 100.</param>
/// <param name="Max">Highest precision then.</param>
public sealed record BatteryBand(double Below, Precision Max);

/// <summary>What keeps the choice from flapping. A step down is immediate; a step up must clear both.</summary>
/// <param name="Pct">Percentage points of charge above a band before its cap is lifted, 0 to 50.</param>
/// <param name="DwellMs">Least time at a precision before a step up, milliseconds.</param>
public sealed record HysteresisBand(double Pct, int DwellMs);

/// <summary>Caps on precision while the device is hot.</summary>
/// <param name="Bands">Any order; the tightest that applies holds.</param>
/// <param name="MarginC">Degrees below a band before its cap is lifted, 0 to 50.</param>
public sealed record ThermalCaps(IReadOnlyList<ThermalBand> Bands, double MarginC = ThermalCaps.DefaultMarginC)
{
    /// <summary>About what a small passive cooler loses in the seconds after a step down.</summary>
    public const double DefaultMarginC = 5;
}

/// <summary>Cap on precision above a temperature.</summary>
/// <param name="Above">Degrees Celsius above which the cap holds, -50 to 200.</param>
/// <param name="Max">Highest precision then.</param>
public sealed record ThermalBand(double Above, Precision Max);
