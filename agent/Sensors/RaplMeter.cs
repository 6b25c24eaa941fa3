using InstantNet.Contracts;
using InstantNet.Contracts.Messages;

namespace InstantNet.Agent.Sensors;

/// <summary>Energy counters of the processor packages (Running Average Power Limit), as Linux shows them below powercap.</summary>
/// <remarks>
/// Counts the whole package, so other processes are inside the figures. The hardware updates a counter about every millisecond: one short frame
/// reads 0 or a step, the mean over frames is right. Source: Linux kernel documentation, power/powercap/powercap.rst.
/// </remarks>
internal sealed class RaplMeter : IEnergyMeter
{
    /// <summary>Where Linux shows the counters.</summary>
    public const string DefaultRoot = "/sys/class/powercap";

    private const string PackagePattern = "intel-rapl:*";
    private const double MicrojoulesPerMillijoule = 1000;
    private readonly SysfsValue[] _energy;
    private readonly long[] _range;
    private readonly long[] _began;

    private RaplMeter(List<(SysfsValue Energy, long Range)> packages)
    {
        _energy = [.. packages.Select(p => p.Energy)];
        _range = [.. packages.Select(p => p.Range)];
        _began = new long[packages.Count];
    }

    /// <inheritdoc/>
    public MeterSource Source => MeterSource.Measured;

    /// <inheritdoc/>
    public double IdleMilliwatts => 0;

    /// <summary>Opens the counters of every package; null when there is none that this user may read.</summary>
    public static RaplMeter? TryOpen(string root)
    {
        if (!Directory.Exists(root))
            return null;
        List<(SysfsValue, long)> packages = [];
        foreach (string folder in Directory.EnumerateFileSystemEntries(root, PackagePattern).Order(StringComparer.Ordinal))
        {
            // "intel-rapl:0" is a package; "intel-rapl:0:1" is a part of it and would be counted twice.
            if (Path.GetFileName(folder).Count(c => c == ':') != 1)
                continue;
            using SysfsValue? range = SysfsValue.TryOpen(Path.Combine(folder, "max_energy_range_uj"));
            SysfsValue? energy = SysfsValue.TryOpen(Path.Combine(folder, "energy_uj"));
            if (energy?.TryReadNumber() is not null && range?.TryReadNumber() is > 0 and long top)
                packages.Add((energy, top));
            else
                energy?.Dispose();
        }

        return packages.Count == 0 ? null : new RaplMeter(packages);
    }

    /// <inheritdoc/>
    public void Begin()
    {
        for (int i = 0; i < _energy.Length; i++)
            _began[i] = _energy[i].TryReadNumber() ?? -1;
    }

    /// <inheritdoc/>
    public double End(Precision bits)
    {
        long microjoules = 0;
        for (int i = 0; i < _energy.Length; i++)
        {
            if (_began[i] >= 0 && _energy[i].TryReadNumber() is long now)
                microjoules += Drawn(_began[i], now, _range[i]);
        }

        return microjoules / MicrojoulesPerMillijoule;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SysfsValue energy in _energy)
            energy.Dispose();
    }

    /// <summary>Difference of two readings of a counter that starts again at 0 after <paramref name="range"/>, microjoules.</summary>
    internal static long Drawn(long before, long now, long range) => now >= before ? now - before : now + range - before;
}
