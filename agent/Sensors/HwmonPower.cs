namespace InstantNet.Agent.Sensors;

/// <summary>Power that current monitors of the INA family measure on the board, as Linux shows them below hwmon.</summary>
/// <remarks>
/// Which rails: the configured one; else the one whose label says that it is the board's input (Jetson: VDD_IN), because the others hang behind it;
/// else all of the first chip. Source: Linux kernel documentation, hwmon/ina2xx.rst, hwmon/ina3221.rst and hwmon/sysfs-interface.rst.
/// </remarks>
internal sealed class HwmonPower : IPowerSensor
{
    private const string Family = "ina";
    private const int MostChannels = 3;
    private readonly SysfsRoot _root;
    private readonly string? _rail;
    private List<HwmonRail> _rails;

    private HwmonPower(SysfsRoot root, string? rail, List<HwmonRail> rails)
    {
        (_root, _rail, _rails) = (root, rail, rails);
        Name = "hwmon:" + string.Join('+', rails.Select(r => r.Label));
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>A reading is a transfer over a slow bus of a millisecond, and the chips average over tens of them.</summary>
    public TimeSpan Resolution { get; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Opens the rails.</summary>
    /// <param name="root">Where devices are shown.</param>
    /// <param name="rail">Label of the only rail to read; null for the choice above.</param>
    /// <param name="fault">Why there is none.</param>
    public static HwmonPower? TryOpen(SysfsRoot root, string? rail, out SensorFault fault)
    {
        List<HwmonRail> rails = Find(root, rail);
        fault = rails.Count == 0 ? SensorFault.Absent : SensorFault.None;
        foreach (HwmonRail found in rails)
        {
            if (found.Read(out _) is var broken && broken != SensorFault.None)
                fault = broken;
        }

        if (fault == SensorFault.None)
            return new HwmonPower(root, rail, rails);
        rails.ForEach(r => r.Dispose());
        return null;
    }

    /// <inheritdoc/>
    public SensorFault Read(out double milliwatts)
    {
        milliwatts = 0;
        foreach (HwmonRail rail in _rails)
        {
            SensorFault fault = rail.Read(out double own);
            if (fault != SensorFault.None)
            {
                milliwatts = 0;
                return fault;
            }

            milliwatts += own;
        }

        return SensorFault.None;
    }

    /// <inheritdoc/>
    public void LookAgain()
    {
        List<HwmonRail> rails = Find(_root, _rail);
        if (rails.Count == 0)
            return;
        Dispose();
        _rails = rails;
    }

    /// <inheritdoc/>
    public void Dispose() => _rails.ForEach(r => r.Dispose());

    private static List<HwmonRail> Find(SysfsRoot root, string? rail)
    {
        List<List<HwmonRail>> chips = [];
        foreach (string folder in SysfsRoot.Devices(root.Hwmon))
        {
            if (SysfsValue.TextOnce(Path.Combine(folder, "name")) is not { } chip || !chip.StartsWith(Family, StringComparison.Ordinal))
                continue;
            List<HwmonRail> rails = [.. Enumerable.Range(1, MostChannels).Select(c => HwmonRail.TryOpen(folder, chip, c)).OfType<HwmonRail>()];
            if (rails.Count > 0)
                chips.Add(rails);
        }

        List<HwmonRail> all = [.. chips.SelectMany(c => c)];
        HwmonRail? only = rail is null ? all.Find(r => IsBoardInput(r.Label)) : all.Find(r => r.Label == rail);
        List<HwmonRail> chosen = only is not null ? [only] : rail is null && chips.Count > 0 ? chips[0] : [];
        all.Except(chosen).ToList().ForEach(r => r.Dispose());
        return chosen;
    }

    private static bool IsBoardInput(string label) => label.EndsWith("_IN", StringComparison.Ordinal);
}
