namespace InstantNet.Agent.Sensors;

/// <summary>The hottest of the thermal zones that Linux shows. Zones come and go with drivers: when one is silent they are looked for again. One reader.</summary>
/// <remarks>Source: Linux kernel documentation, driver-api/thermal/sysfs-api.rst.</remarks>
internal sealed class SysfsThermometer : IDisposable
{
    /// <summary>No zone is colder, millidegrees Celsius.</summary>
    public const long ColdestMillidegrees = -100_000;

    /// <summary>No zone is hotter, millidegrees Celsius.</summary>
    public const long HottestMillidegrees = 250_000;

    /// <summary>Linux counts in thousandths.</summary>
    public const double MillidegreesPerDegree = 1000;

    private readonly SysfsRoot _root;
    private List<SysfsValue> _zones = [];

    /// <param name="root">Where devices are shown; zones that cannot be read are left out.</param>
    public SysfsThermometer(SysfsRoot root)
    {
        _root = root;
        LookAgain();
    }

    /// <summary>Degrees Celsius; null when no zone tells a believable temperature.</summary>
    public double? Read()
    {
        double? hottest = Hottest(out bool areAllThere);
        if (areAllThere)
            return hottest;
        LookAgain();
        return Hottest(out _);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SysfsValue zone in _zones)
            zone.Dispose();
    }

    private double? Hottest(out bool areAllThere)
    {
        double? hottest = null;
        areAllThere = _zones.Count > 0;
        foreach (SysfsValue zone in _zones)
        {
            SensorNumber millidegrees = zone.Read(ColdestMillidegrees, HottestMillidegrees);
            areAllThere &= millidegrees.IsValid;
            double celsius = millidegrees.Value / MillidegreesPerDegree;
            if (millidegrees.IsValid && !(celsius <= hottest))
                hottest = celsius;
        }

        return hottest;
    }

    private void LookAgain()
    {
        Dispose();
        _zones = [.. SysfsRoot.Devices(_root.Thermal, "thermal_zone*").Select(z => SysfsValue.TryOpen(Path.Combine(z, "temp"))).OfType<SysfsValue>()];
    }
}
