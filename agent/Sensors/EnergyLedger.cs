namespace InstantNet.Agent.Sensors;

/// <summary>Divides what one counter counts among the frames that run and the device at rest, so that the parts add up to the whole. Thread safe.</summary>
/// <remarks>
/// Idle power is what flows while no frame has run for at least <see cref="Quiet"/>. All above it belongs to frames: what flows while one runs, and
/// what flows between the end of one and the begin of the next, because counters lag behind (RAPL by a millisecond, monitoring chips by many) and
/// a frame's energy shows up when it is over. Frames that run side by side share alike. One frame's figure is therefore rough, the sum is right.
/// </remarks>
/// <param name="counter">What is divided; owned.</param>
/// <param name="time">Clock.</param>
internal sealed class EnergyLedger(IEnergyCounter counter, TimeProvider time) : IDisposable
{
    /// <summary>Time without a frame from which on the device is at rest.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);

    // Older quiet moments count half after as much quiet time as this.
    private static readonly TimeSpan IdleHalfLife = TimeSpan.FromSeconds(60);
    private readonly Lock _lock = new();
    private double _readMj = counter.ReadMillijoules(time.GetTimestamp());
    private long _readAt = time.GetTimestamp();
    private int _running;
    private double _perFrameMj;
    private double _pendingMj;
    private double _idleMj;
    private double _quietMj;
    private double _quietSeconds;

    /// <summary>What is read.</summary>
    public string Name => counter.Name;

    /// <summary>Why figures stand still; none while the counter answers.</summary>
    public SensorFault Fault
    {
        get
        {
            lock (_lock)
                return counter.Fault;
        }
    }

    /// <summary>Power of the device without inference, milliwatts; null until it was quiet once.</summary>
    public double? IdleMilliwatts
    {
        get
        {
            lock (_lock)
                return IdleLocked();
        }
    }

    /// <summary>The books of this moment.</summary>
    public LedgerBooks Books
    {
        get
        {
            lock (_lock)
                return new LedgerBooks(_idleMj, _pendingMj);
        }
    }

    /// <summary>Forgets what was seen of the device at rest, and begins to look anew: its start is over now.</summary>
    public void BeginRest()
    {
        lock (_lock)
        {
            AdvanceLocked();
            (_quietMj, _quietSeconds) = (0, 0);
        }
    }

    /// <summary>Reads the counter without dividing, so that a sensor that tells only power is asked often enough.</summary>
    public void Sample()
    {
        lock (_lock)
            counter.ReadMillijoules(time.GetTimestamp());
    }

    /// <summary>Closes a rest that <see cref="BeginRest"/> began.</summary>
    public void EndRest()
    {
        lock (_lock)
            AdvanceLocked();
    }

    /// <summary>A frame begins.</summary>
    /// <returns>To be given to <see cref="End"/>.</returns>
    public double Begin()
    {
        lock (_lock)
        {
            AdvanceLocked();
            _running++;
            return _perFrameMj;
        }
    }

    /// <summary>A frame ends.</summary>
    /// <param name="began">What <see cref="Begin"/> returned.</param>
    /// <returns>Energy above idle, millijoules, not negative: less than nothing is kept and taken from later frames.</returns>
    public double End(double began)
    {
        lock (_lock)
        {
            AdvanceLocked();
            _running--;
            double energyMj = _perFrameMj - began + _pendingMj;
            _pendingMj = Math.Min(energyMj, 0);
            return energyMj - _pendingMj;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => counter.Dispose();

    private void AdvanceLocked()
    {
        long now = time.GetTimestamp();
        double readMj = counter.ReadMillijoules(now);
        double seconds = time.GetElapsedTime(_readAt, now).TotalSeconds;
        double energyMj = readMj - _readMj;
        (_readMj, _readAt) = (readMj, now);
        if (counter.Fault != SensorFault.None)
            seconds = 0;
        if (_running == 0 && seconds >= Quiet.TotalSeconds)
            RestedLocked(energyMj, seconds);
        else
            DivideLocked(energyMj, seconds);
    }

    private void RestedLocked(double energyMj, double seconds)
    {
        double kept = Math.Pow(0.5, seconds / IdleHalfLife.TotalSeconds);
        (_quietMj, _quietSeconds) = (_quietMj * kept + energyMj, _quietSeconds * kept + seconds);
        _idleMj += energyMj;
    }

    private void DivideLocked(double energyMj, double seconds)
    {
        double idleMj = (IdleLocked() ?? 0) * seconds;
        _idleMj += idleMj;
        if (_running > 0)
            _perFrameMj += (energyMj - idleMj) / _running;
        else
            _pendingMj += energyMj - idleMj;
    }

    private double? IdleLocked() => _quietSeconds > 0 ? Math.Max(0, _quietMj / _quietSeconds) : null;
}

/// <summary>What a ledger has put where, besides what frames were told.</summary>
/// <param name="IdleMj">Booked to the device at rest, millijoules.</param>
/// <param name="PendingMj">Kept for the frame that ends next, millijoules; negative when frames were told too much.</param>
internal readonly record struct LedgerBooks(double IdleMj, double PendingMj);
