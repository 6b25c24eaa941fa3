using InstantNet.Agent.Configuration;
using InstantNet.Agent.Sensors;
using InstantNet.Agent.Simulation;

namespace InstantNet.Agent.Commands;

/// <summary>Opens the battery that the configuration names.</summary>
internal static class DevicePower
{
    /// <summary>Opens it; a machine without the battery it should have counts as mains powered.</summary>
    public static IBattery Open(BatterySettings settings, TimeProvider time) => settings.Source switch
    {
        BatterySettings.Simulated => new SimulatedBattery(settings.CapacityJoules, settings.StartPct, settings.Phases, settings.Repeat, time),
        BatterySettings.Sysfs => (IBattery?)SysfsBattery.TryOpen(SysfsBattery.DefaultRoot, time) ?? new NoBattery(),
        _ => new NoBattery(),
    };
}
