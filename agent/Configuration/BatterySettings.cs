using InstantNet.Agent.Simulation;

namespace InstantNet.Agent.Configuration;

/// <summary>Where the battery level comes from: section <c>battery</c>.</summary>
internal sealed class BatterySettings
{
    /// <summary>The device has no battery.</summary>
    public const string None = "none";

    /// <summary>The battery of the machine, from /sys/class/power_supply.</summary>
    public const string Sysfs = "sysfs";

    /// <summary>A battery that is calculated.</summary>
    public const string Simulated = "simulated";

    /// <summary>Name of the source. Default <c>none</c>.</summary>
    public string Source { get; set; } = None;

    /// <summary>Energy of the full simulated battery, joules. Default 20.</summary>
    public double CapacityJoules { get; set; } = 20;

    /// <summary>Charge of the simulated battery at the start, percent. Default 100.</summary>
    public double StartPct { get; set; } = 100;

    /// <summary>External load and charger over time, from the first committed release on.</summary>
    public IReadOnlyList<PowerPhase> Phases { get; set; } = [];

    /// <summary>Whether the phases begin anew after the last.</summary>
    public bool Repeat { get; set; }

    /// <summary>Every fault, one sentence each.</summary>
    public IEnumerable<string> Faults()
    {
        if (Source is not (None or Sysfs or Simulated))
            yield return $"battery.source is '{Source}': '{None}', '{Sysfs}' and '{Simulated}' are accepted.";
        if (!(CapacityJoules > 0))
            yield return $"battery.capacityJoules is {CapacityJoules}: a positive number is accepted.";
        if (StartPct is not (>= 0 and <= 100))
            yield return $"battery.startPct is {StartPct}: 0 to 100 is accepted.";
        for (int i = 0; i < Phases.Count; i++)
        {
            if (!(Phases[i].Seconds > 0))
                yield return $"battery.phases[{i}].seconds is {Phases[i].Seconds}: a positive number is accepted.";
            if (!double.IsFinite(Phases[i].Watts))
                yield return $"battery.phases[{i}].watts is not a finite number.";
        }
    }
}
