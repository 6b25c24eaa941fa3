namespace InstantNet.Agent.Sensors;

/// <summary>Temperatures that Linux shows below thermal. Opened anew for each look: zones come and go with drivers.</summary>
/// <remarks>Source: Linux kernel documentation, driver-api/thermal/sysfs-api.rst.</remarks>
internal static class ThermalZones
{
    private const long ColdestMillidegrees = -60_000;
    private const long HottestMillidegrees = 200_000;
    private const double MillidegreesPerDegree = 1000;

    /// <summary>Every zone with its temperature in degrees Celsius, or why it has none.</summary>
    public static IReadOnlyList<SensorLine> Read(SysfsRoot root) =>
        [.. SysfsRoot.Devices(root.Thermal, "thermal_zone*").Select(Read)];

    /// <summary>The hottest zone that answers; null when none does.</summary>
    public static SensorLine? Hottest(IEnumerable<SensorLine> zones) => zones.Where(z => z.Value is not null).MaxBy(z => z.Value);

    private static SensorLine Read(string zone)
    {
        string name = $"thermal:{SysfsValue.TextOnce(Path.Combine(zone, "type")) ?? Path.GetFileName(zone)}";
        SensorNumber millidegrees = SysfsValue.ReadOnce(Path.Combine(zone, "temp"), ColdestMillidegrees, HottestMillidegrees);
        return millidegrees.IsValid
            ? SensorLine.Of(name, "temperature", millidegrees.Value / MillidegreesPerDegree, "celsius")
            : SensorLine.Failed(name, "temperature", "celsius", millidegrees.Fault);
    }
}
