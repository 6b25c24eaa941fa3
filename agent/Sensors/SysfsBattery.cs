namespace InstantNet.Agent.Sensors;

/// <summary>The batteries that Linux shows below power_supply, as one. Asks the hardware at most once a second: a fuel gauge may take milliseconds.</summary>
/// <remarks>Thread safe. Batteries come and go: the folder is looked through again every ten seconds, and at once when one stops answering.</remarks>
internal sealed class SysfsBattery : IBattery, IDisposable
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ScanEvery = TimeSpan.FromSeconds(10);
    private readonly SysfsRoot _root;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private BatterySupply[] _supplies = [];
    private SupplyReading[] _readings = [];
    private BatteryReading? _last;
    private long? _readAt;
    private long _scannedAt;

    /// <param name="root">Where devices are shown.</param>
    /// <param name="time">Clock.</param>
    public SysfsBattery(SysfsRoot root, TimeProvider time)
    {
        (_root, _time) = (root, time);
        ScanLocked();
        AskLocked();
    }

    /// <summary>Names of the batteries found, joined for people; empty when there is none.</summary>
    public string Name
    {
        get
        {
            lock (_lock)
                return string.Join('+', _supplies.Select(s => s.Name));
        }
    }

    /// <summary>Why the last reading is none, or its charge incomplete.</summary>
    public SensorFault Fault { get; private set; }

    /// <inheritdoc/>
    public double? CapacityJoules
    {
        get
        {
            lock (_lock)
            {
                double? full = 0;
                foreach (SupplyReading reading in _readings)
                    full += reading.Said.FullJoules;
                return full > 0 ? full : null;
            }
        }
    }

    /// <inheritdoc/>
    public BatteryReading? Read()
    {
        lock (_lock)
        {
            long now = _time.GetTimestamp();
            if (_readAt is { } readAt && _time.GetElapsedTime(readAt, now) < MaxAge)
                return _last;
            _readAt = now;
            bool stale = _time.GetElapsedTime(_scannedAt, now) >= ScanEvery;
            if (stale || (!AskLocked() && _supplies.Length > 0))
            {
                ScanLocked();
                AskLocked();
            }

            _last = BatterySum.Of(_readings);
            return _last;
        }
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
        lock (_lock)
            CloseLocked();
    }

    /// <returns>Whether every battery answered.</returns>
    private bool AskLocked()
    {
        Fault = _supplies.Length == 0 ? SensorFault.Absent : SensorFault.None;
        for (int i = 0; i < _supplies.Length; i++)
        {
            _readings[i] = _supplies[i].Read();
            if (_readings[i].Fault != SensorFault.None)
                Fault = _readings[i].Fault;
        }

        return Fault == SensorFault.None;
    }

    private void ScanLocked()
    {
        CloseLocked();
        _supplies = [.. SysfsRoot.Devices(_root.PowerSupplies).Select(BatterySupply.TryOpen).OfType<BatterySupply>()];
        _readings = new SupplyReading[_supplies.Length];
        _scannedAt = _time.GetTimestamp();
    }

    private void CloseLocked()
    {
        foreach (BatterySupply supply in _supplies)
            supply.Dispose();
        _supplies = [];
        _readings = [];
    }
}
