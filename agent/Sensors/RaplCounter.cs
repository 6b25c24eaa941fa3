namespace InstantNet.Agent.Sensors;

/// <summary>Energy counters of the processor packages (Running Average Power Limit), as Linux shows them below powercap, summed up.</summary>
/// <remarks>
/// Counts the whole package, so other processes are inside the figures. Source: Linux kernel documentation, power/powercap/powercap.rst. Since
/// Linux 5.10 only root reads energy_uj unless the administrator allows it, because it tells about other users' computations (CVE-2020-8694).
/// </remarks>
internal sealed class RaplCounter : IEnergyCounter
{
    private const string PackagePattern = "intel-rapl:*";
    private const double MicrojoulesPerMillijoule = 1000;
    private const long MicrojoulesPerWattSecond = 1_000_000;

    // More than any package draws. A counter that a suspended machine set back looks like one that wrapped around: as if kilojoules had flowed at once.
    private const long MostWatts = 5000;
    private static readonly TimeSpan ScanEvery = TimeSpan.FromSeconds(10);
    private readonly SysfsRoot _root;
    private readonly TimeProvider _time;
    private List<Package> _packages;
    private double _millijoules;
    private long _scannedAt;

    private RaplCounter(SysfsRoot root, TimeProvider time, List<Package> packages)
    {
        (_root, _time, _packages) = (root, time, packages);
        _scannedAt = time.GetTimestamp();
    }

    /// <inheritdoc/>
    public string Name => "rapl";

    /// <inheritdoc/>
    public SensorFault Fault { get; private set; }

    /// <summary>Packages that are counted.</summary>
    public int PackageCount => _packages.Count;

    /// <summary>Opens the counters of every package.</summary>
    /// <param name="root">Where devices are shown.</param>
    /// <param name="time">Clock.</param>
    /// <param name="fault">Why there is none that this user may read.</param>
    public static RaplCounter? TryOpen(SysfsRoot root, TimeProvider time, out SensorFault fault)
    {
        List<Package> packages = Scan(root, time.GetTimestamp(), out fault);
        return packages.Count == 0 ? null : new RaplCounter(root, time, packages);
    }

    /// <inheritdoc/>
    public double ReadMillijoules(long timestamp)
    {
        if (Fault == SensorFault.Gone && _time.GetElapsedTime(_scannedAt, timestamp) >= ScanEvery)
            LookAgain(timestamp);
        Fault = SensorFault.None;
        foreach (Package package in _packages)
        {
            SensorNumber now = package.Energy.Read(0, package.Range);
            if (now.IsValid)
                _millijoules += package.Advance(now.Value, timestamp, MostMicrojoules(package.ReadAt, timestamp)) / MicrojoulesPerMillijoule;
            else
                (Fault, package.IsLost) = (now.Fault, true);
        }

        return _millijoules;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Package package in _packages)
            package.Energy.Dispose();
    }

    /// <summary>Difference of two readings of a counter that starts again at 0 after <paramref name="range"/>, microjoules.</summary>
    internal static long Drawn(long before, long now, long range) => now >= before ? now - before : now + (range - before);

    private static List<Package> Scan(SysfsRoot root, long timestamp, out SensorFault fault)
    {
        fault = SensorFault.Absent;
        List<Package> packages = [];
        foreach (string folder in SysfsRoot.Devices(root.Powercap, PackagePattern))
        {
            // "intel-rapl:0" is a package; "intel-rapl:0:1" is a part of it and would be counted twice.
            if (Path.GetFileName(folder).Count(c => c == ':') != 1)
                continue;
            SensorNumber range = SysfsValue.ReadOnce(Path.Combine(folder, "max_energy_range_uj"), 1, long.MaxValue / 2);
            SysfsValue? energy = SysfsValue.TryOpen(Path.Combine(folder, "energy_uj"), out fault);
            SensorNumber first = energy?.Read(0, long.MaxValue / 2) ?? SensorNumber.Failed(fault);
            if (range.IsValid && first.IsValid)
            {
                packages.Add(new Package(energy!, range.Value, first.Value, timestamp));
                continue;
            }

            energy?.Dispose();
            fault = first.IsValid ? range.Fault : first.Fault;
        }

        return packages;
    }

    private void LookAgain(long timestamp)
    {
        _scannedAt = timestamp;
        List<Package> packages = Scan(_root, timestamp, out _);
        if (packages.Count == 0)
            return;
        Dispose();
        _packages = packages;
    }

    private long MostMicrojoules(long from, long to) =>
        (long)(Math.Max(_time.GetElapsedTime(from, to).TotalSeconds, 1) * MostWatts * MicrojoulesPerWattSecond);

    private sealed class Package(SysfsValue energy, long range, long before, long readAt)
    {
        private long _before = before;

        /// <summary>What flows until it answers again is not known, and not made up.</summary>
        public bool IsLost { get; set; }

        public SysfsValue Energy { get; } = energy;

        public long Range { get; } = range;

        public long ReadAt { get; private set; } = readAt;

        public long Advance(long now, long timestamp, long most)
        {
            long drawn = Drawn(_before, now, Range);
            bool isKnown = !IsLost && drawn <= most;
            (_before, ReadAt, IsLost) = (now, timestamp, false);
            return isKnown ? drawn : 0;
        }
    }
}
