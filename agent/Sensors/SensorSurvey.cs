namespace InstantNet.Agent.Sensors;

/// <summary>Every sensor of the machine with what it says now, or why it says nothing. Thread safe; takes milliseconds.</summary>
/// <param name="sources">What there may be to measure energy with.</param>
/// <param name="battery">What the device runs on.</param>
internal sealed class SensorSurvey(MeterSources sources, IBattery battery)
{
    /// <summary>Looks.</summary>
    public IReadOnlyList<SensorLine> Look()
    {
        IReadOnlyList<SensorLine> zones = ThermalZones.Read(sources.Root);
        return [.. Battery(), Rail(), Counters(), .. zones, .. ProcessorFrequency.Read(sources.Root)];
    }

    private IEnumerable<SensorLine> Battery()
    {
        if (battery is not SysfsBattery machine)
            yield break;
        string name = machine.Name.Length > 0 ? $"battery:{machine.Name}" : "battery";
        if (battery.Read() is not { } reading)
        {
            yield return SensorLine.Failed(name, "charge", "percent", machine.Fault);
            yield break;
        }

        yield return SensorLine.Of(name, "charge", reading.Pct, "percent");
        if (reading.RemainingJoules is double joules)
            yield return SensorLine.Of(name, "energy left", joules, "joules");
        if (reading.Watts is double watts)
            yield return SensorLine.Of(name, "power out", watts, "watts");
    }

    private SensorLine Rail()
    {
        using HwmonPower? power = HwmonPower.TryOpen(sources.Root, sources.Rail, out SensorFault fault);
        double milliwatts = 0;
        if (power is not null)
            fault = power.Read(out milliwatts);
        return fault == SensorFault.None
            ? SensorLine.Of(power!.Name, "power", milliwatts / 1000, "watts")
            : SensorLine.Failed(power?.Name ?? "hwmon", "power", "watts", fault);
    }

    private SensorLine Counters()
    {
        using RaplCounter? counter = RaplCounter.TryOpen(sources.Root, sources.Time, out SensorFault fault);
        return counter is null
            ? SensorLine.Failed("rapl", "packages counted", "packages", fault)
            : SensorLine.Of(counter.Name, "packages counted", counter.PackageCount, "packages");
    }
}
