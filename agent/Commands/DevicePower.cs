using InstantNet.Agent.Configuration;
using InstantNet.Agent.Sensors;
using InstantNet.Agent.Simulation;

namespace InstantNet.Agent.Commands;

/// <summary>Opens what the configuration names to know the device's power by.</summary>
internal static class DevicePower
{
    /// <summary>What energy may be measured with.</summary>
    /// <param name="settings">Section <c>sensors</c>.</param>
    /// <param name="battery">What the device runs on; used as a meter when it is the machine's own.</param>
    /// <param name="time">Clock.</param>
    public static MeterSources Meters(SensorSettings settings, IBattery battery, TimeProvider time) => new(new SysfsRoot(settings.Root), time)
    {
        Meter = settings.Meter,
        Rail = settings.Rail,
        Battery = battery as SysfsBattery,
    };

    /// <summary>Opens the battery; a machine without the one it should have counts as mains powered until it is plugged in.</summary>
    public static IBattery Open(BatterySettings settings, SysfsRoot root, TimeProvider time) => settings.Source switch
    {
        BatterySettings.Simulated => new SimulatedBattery(settings.CapacityJoules, settings.StartPct, settings.Phases, settings.Repeat, time),
        BatterySettings.Sysfs => new SysfsBattery(root, time),
        _ => new NoBattery(),
    };
}
