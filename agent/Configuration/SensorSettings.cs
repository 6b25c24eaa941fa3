using InstantNet.Agent.Sensors;

namespace InstantNet.Agent.Configuration;

/// <summary>What the device is measured with: section <c>sensors</c>.</summary>
internal sealed class SensorSettings
{
    /// <summary>Folder that Linux shows devices in. Default /sys; relative to the configuration file.</summary>
    public string Root { get; set; } = SysfsRoot.Default;

    /// <summary>Which kind of meter is preferred for energy. Default <c>auto</c>: the best there is.</summary>
    public string Meter { get; set; } = MeterOrder.Auto;

    /// <summary>Label of the rail that a current monitor is read for, as sysfs shows it; null for the board's input.</summary>
    public string? Rail { get; set; }

    /// <summary>Every fault, one sentence each.</summary>
    public IEnumerable<string> Faults()
    {
        if (string.IsNullOrWhiteSpace(Root))
            yield return "sensors.root is empty: a folder is needed.";
        if (!MeterOrder.Words.Contains(Meter))
            yield return $"sensors.meter is '{Meter}': {string.Join(", ", MeterOrder.Words)} are accepted.";
    }
}
