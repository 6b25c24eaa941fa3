namespace InstantNet.Agent.Sensors;

/// <summary>Temperatures that Linux shows below thermal. Opened anew for each look: zones come and go with drivers.</summary>
/// <remarks>Source: Linux kernel documentation, driver-api/thermal/sysfs-api.rst.</remarks>
internal static class ThermalZones
{
    /// <summary>Every zone with its temperature in degrees Celsius, or why it has none.</summary>
    public static IReadOnlyList<SensorLine> Read(SysfsRoot root) =>
        [.. SysfsRoot.Devices(root.Thermal, "thermal_zone*").Select(Read)];

    private static SensorLine Read(string zone)
    {
        string name = $"thermal:{SysfsValue.TextOnce(Path.Combine(zone, "type")) ?? Path.GetFileName(zone)}";
        SensorNumber millidegrees = SysfsValue.ReadOnce(Path.Combine(zone, "temp"), SysfsThermometer.ColdestMillidegrees, SysfsThermometer.HottestMillidegrees);
        return millidegrees.IsValid
            ? SensorLine.Of(name, "temperature", millidegrees.Value / SysfsThermometer.MillidegreesPerDegree, "celsius")
            : SensorLine.Failed(name, "temperature", "celsius", millidegrees.Fault);
    }
}
