namespace InstantNet.Agent.Sensors;

/// <summary>Clock rates of the cores, as Linux shows them below cpu: how fast they run, and how fast they could.</summary>
/// <remarks>Source: Linux kernel documentation, admin-guide/pm/cpufreq.rst; kHz.</remarks>
internal static class ProcessorFrequency
{
    private const long MostKilohertz = 20_000_000;
    private const double HertzPerKilohertz = 1000;

    /// <summary>Mean current rate and highest possible rate of all cores that answer, hertz; nothing on a machine without rates.</summary>
    public static IReadOnlyList<SensorLine> Read(SysfsRoot root)
    {
        List<string> cores = [.. SysfsRoot.Devices(root.Processors, "cpu*").Select(c => Path.Combine(c, "cpufreq")).Where(Directory.Exists)];
        return cores.Count == 0
            ? []
            : [Line("clock rate", cores, "scaling_cur_freq", v => v.Average()), Line("highest clock rate", cores, "cpuinfo_max_freq", v => v.Max())];
    }

    private static SensorLine Line(string quantity, List<string> cores, string attribute, Func<IEnumerable<double>, double> sum)
    {
        List<SensorNumber> rates = [.. cores.Select(c => SysfsValue.ReadOnce(Path.Combine(c, attribute), 1, MostKilohertz))];
        List<double> valid = [.. rates.Where(r => r.IsValid).Select(r => r.Value * HertzPerKilohertz)];
        return valid.Count > 0
            ? SensorLine.Of("cpufreq", quantity, sum(valid), "hertz")
            : SensorLine.Failed("cpufreq", quantity, "hertz", rates[0].Fault);
    }
}
