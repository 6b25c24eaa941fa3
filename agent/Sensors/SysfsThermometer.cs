namespace InstantNet.Agent.Sensors;

/// <summary>The hottest of the thermal zones that Linux shows. Thread safe.</summary>
internal sealed class SysfsThermometer : IDisposable
{
    /// <summary>Where Linux shows thermal zones.</summary>
    public const string DefaultRoot = "/sys/class/thermal";

    private const double MillidegreesPerDegree = 1000;
    private const long ColdestMillidegrees = -100_000, HottestMillidegrees = 250_000;
    private readonly List<SysfsValue> _zones = [];

    /// <param name="root">Usually <see cref="DefaultRoot"/>; zones that cannot be read are left out.</param>
    public SysfsThermometer(string root)
    {
        if (!Directory.Exists(root))
            return;
        foreach (string zone in Directory.EnumerateFileSystemEntries(root, "thermal_zone*"))
        {
            if (SysfsValue.TryOpen(Path.Combine(zone, "temp")) is { } value)
                _zones.Add(value);
        }
    }

    /// <summary>Degrees Celsius; null when no zone tells a believable temperature.</summary>
    public double? Read()
    {
        double? hottest = null;
        foreach (SysfsValue zone in _zones)
        {
            SensorNumber millidegrees = zone.Read(ColdestMillidegrees, HottestMillidegrees);
            double celsius = millidegrees.Value / MillidegreesPerDegree;
            if (millidegrees.IsValid && !(celsius <= hottest))
                hottest = celsius;
        }

        return hottest;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SysfsValue zone in _zones)
            zone.Dispose();
    }
}
