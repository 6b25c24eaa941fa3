using InstantNet.Agent.Sensors;

namespace InstantNet.Agent.Simulation;

/// <summary>A battery in arithmetic: external phases from the moment it is told to begin, and the energy of inference on top. Thread safe.</summary>
internal sealed class SimulatedBattery : IBattery
{
    private const double MillijoulesPerJoule = 1000;
    private readonly double _capacityJoules;
    private readonly PowerPhase[] _phases;
    private readonly bool _repeat;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private double _joules;
    private long _seenTicks;
    private bool _begun;
    private int _phase;
    private double _secondsIntoPhase;

    /// <param name="capacityJoules">Full charge, positive.</param>
    /// <param name="startPct">Charge at the start, 0..100.</param>
    /// <param name="phases">External loads and chargers in turn; may be empty.</param>
    /// <param name="repeat">Whether the first phase follows the last; else nothing external does.</param>
    /// <param name="time">The clock of the simulation.</param>
    /// <exception cref="ArgumentOutOfRangeException">A figure is out of its range.</exception>
    public SimulatedBattery(double capacityJoules, double startPct, IReadOnlyList<PowerPhase> phases, bool repeat, TimeProvider time)
    {
        if (!(capacityJoules > 0))
            throw new ArgumentOutOfRangeException(nameof(capacityJoules), capacityJoules, "A battery holds a positive number of joules.");
        if (startPct is not (>= 0 and <= 100))
            throw new ArgumentOutOfRangeException(nameof(startPct), startPct, "A charge is 0 to 100 percent.");
        if (phases.Any(p => !(p.Seconds > 0) || !double.IsFinite(p.Watts)))
            throw new ArgumentOutOfRangeException(nameof(phases), "A phase has a positive number of seconds and a finite number of watts.");
        (_capacityJoules, _joules, _repeat, _time) = (capacityJoules, capacityJoules * startPct / 100, repeat, time);
        _phases = [.. phases];
    }

    /// <inheritdoc/>
    public double? CapacityJoules => _capacityJoules;

    /// <inheritdoc/>
    public BatteryReading? Read()
    {
        lock (_lock)
        {
            AdvanceLocked();
            bool charging = _begun && _phase < _phases.Length && _phases[_phase].Watts > 0;
            return new BatteryReading(_joules / _capacityJoules * 100, charging);
        }
    }

    /// <inheritdoc/>
    public void Begin()
    {
        lock (_lock)
        {
            if (_begun)
                return;
            (_begun, _seenTicks) = (true, _time.GetTimestamp());
        }
    }

    /// <inheritdoc/>
    public void Draw(double millijoules)
    {
        lock (_lock)
        {
            AdvanceLocked();
            ChangeLocked(-millijoules / MillijoulesPerJoule);
        }
    }

    private void AdvanceLocked()
    {
        if (!_begun)
            return;
        long now = _time.GetTimestamp();
        double seconds = _time.GetElapsedTime(_seenTicks, now).TotalSeconds;
        _seenTicks = now;
        while (seconds > 0 && _phase < _phases.Length)
        {
            double step = Math.Min(seconds, _phases[_phase].Seconds - _secondsIntoPhase);
            ChangeLocked(_phases[_phase].Watts * step);
            seconds -= step;
            _secondsIntoPhase += step;
            if (_secondsIntoPhase < _phases[_phase].Seconds)
                break;
            _secondsIntoPhase = 0;
            _phase++;
            if (_repeat && _phase == _phases.Length)
                _phase = 0;
        }
    }

    private void ChangeLocked(double joules) => _joules = Math.Clamp(_joules + joules, 0, _capacityJoules);
}
