namespace InstantNet.Agent.Sensors;

/// <summary>The battery that Linux shows below power_supply. Asks the hardware at most once a second: a fuel gauge may take milliseconds.</summary>
internal sealed class SysfsBattery : IBattery, IDisposable
{
    /// <summary>Where Linux shows power supplies.</summary>
    public const string DefaultRoot = "/sys/class/power_supply";

    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);
    private readonly SysfsValue _capacity;
    private readonly SysfsValue? _status;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private BatteryReading? _last;
    private long _readAt;
    private bool _wasRead;

    private SysfsBattery(SysfsValue capacity, SysfsValue? status, double? capacityJoules, TimeProvider time) =>
        (_capacity, _status, CapacityJoules, _time) = (capacity, status, capacityJoules, time);

    /// <inheritdoc/>
    public double? CapacityJoules { get; }

    /// <summary>Opens the first supply of type Battery that tells its capacity in percent; null when there is none.</summary>
    public static SysfsBattery? TryOpen(string root, TimeProvider time)
    {
        if (!Directory.Exists(root))
            return null;
        foreach (string folder in Directory.EnumerateFileSystemEntries(root).Order(StringComparer.Ordinal))
        {
            using SysfsValue? type = SysfsValue.TryOpen(Path.Combine(folder, "type"));
            if (type?.BeginsWith("Battery"u8) != true || SysfsValue.TryOpen(Path.Combine(folder, "capacity")) is not { } capacity)
                continue;
            return new SysfsBattery(capacity, SysfsValue.TryOpen(Path.Combine(folder, "status")), FullJoules(folder), time);
        }

        return null;
    }

    /// <inheritdoc/>
    public BatteryReading? Read()
    {
        lock (_lock)
        {
            long now = _time.GetTimestamp();
            if (_wasRead && _time.GetElapsedTime(_readAt, now) < MaxAge)
                return _last;
            (_wasRead, _readAt) = (true, now);
            _last = _capacity.TryReadNumber() is long pct
                ? new BatteryReading(Math.Clamp(pct, 0, 100), _status?.BeginsWith("Charging"u8) ?? false)
                : null;
            return _last;
        }
    }

    /// <summary>What the full battery holds, from its energy (uWh) or its charge (uAh) and voltage (uV); null when it does not tell.</summary>
    private static double? FullJoules(string folder)
    {
        const double JoulesPerMicrowattHour = 3600e-6, JoulesPerMicroampHourMicrovolt = 3600e-12;
        if (Number(folder, "energy_full") is { } energy)
            return energy * JoulesPerMicrowattHour;
        return Number(folder, "charge_full") * (Number(folder, "voltage_min_design") ?? Number(folder, "voltage_now")) * JoulesPerMicroampHourMicrovolt;
    }

    private static double? Number(string folder, string name)
    {
        using SysfsValue? value = SysfsValue.TryOpen(Path.Combine(folder, name));
        return value?.TryReadNumber() is long number and > 0 ? number : null;
    }

    /// <inheritdoc/>
    public void Begin()
    {
        // A real battery is used anyway.
    }

    /// <inheritdoc/>
    public void Draw(double millijoules)
    {
        // The gauge counts what is drawn.
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _capacity.Dispose();
        _status?.Dispose();
    }
}
