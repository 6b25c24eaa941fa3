using System.Text.Json.Serialization;

namespace InstantNet.Contracts.Messages;

/// <summary>How a device chooses its precision; pushed in the desired twin, applied without restart.</summary>
/// <param name="Mode">Choose, or hold one precision.</param>
/// <param name="Pin">Precision to hold when pinned.</param>
/// <param name="Min">Never below, unless no such variant is offered.</param>
/// <param name="Max">Never above.</param>
/// <param name="Budget">Energy per time.</param>
/// <param name="Slo">Latency objective.</param>
/// <param name="Battery">Caps by battery level, any order; the tightest that applies holds.</param>
/// <param name="Hysteresis">What keeps the choice from flapping.</param>
/// <param name="MaxSwitchesPerMinute">Upper bound on changes, 1 to 6000; a forced step down is never delayed by it.</param>
public sealed record PrecisionPolicy(
    PolicyMode Mode = PolicyMode.Auto,
    Precision? Pin = null,
    Precision? Min = null,
    Precision? Max = null,
    EnergyBudget? Budget = null,
    LatencyObjective? Slo = null,
    IReadOnlyList<BatteryBand>? Battery = null,
    HysteresisBand? Hysteresis = null,
    int MaxSwitchesPerMinute = 60)
{
    /// <summary>What a device does before it was told anything: 8 bits below half a battery, 4 below a fifth.</summary>
    public static PrecisionPolicy Default { get; } = new(
        Battery: [new BatteryBand(50, new Precision(8)), new BatteryBand(20, new Precision(4))],
        Hysteresis: new HysteresisBand(3, 500));

    /// <summary>Every fault of a policy that came from outside, one sentence each; empty when it can be applied.</summary>
    public IReadOnlyList<string> Faults()
    {
        List<string> faults = [];
        if (Mode == PolicyMode.Pin && Pin is null)
            faults.Add("pin is missing: mode 'pin' needs a precision.");
        if (Min > Max)
            faults.Add($"min ({Min}) is above max ({Max}).");
        if (Budget is { JoulesPerHour: not > 0 })
            faults.Add($"budget.joulesPerHour is {Budget.JoulesPerHour}: a positive number is accepted.");
        if (Slo is { P95Ms: not > 0 })
            faults.Add($"slo.p95Ms is {Slo.P95Ms}: a positive number is accepted.");
        foreach (BatteryBand band in Battery ?? [])
        {
            if (band.Below is not (> 0 and <= 100))
                faults.Add($"battery.below is {band.Below}: above 0 to 100 percent is accepted.");
        }

        if (Hysteresis is { Pct: not (>= 0 and <= 50) })
            faults.Add($"hysteresis.pct is {Hysteresis.Pct}: 0 to 50 is accepted.");
        if (Hysteresis is { DwellMs: < 0 or > 3_600_000 })
            faults.Add($"hysteresis.dwellMs is {Hysteresis.DwellMs}: 0 to 3600000 is accepted.");
        if (MaxSwitchesPerMinute is < 1 or > 6000)
            faults.Add($"maxSwitchesPerMinute is {MaxSwitchesPerMinute}: 1 to 6000 is accepted.");
        return faults;
    }
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

/// <summary>Energy that inference may take.</summary>
/// <param name="JoulesPerHour">Average power times an hour, positive.</param>
public sealed record EnergyBudget(double JoulesPerHour);

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
