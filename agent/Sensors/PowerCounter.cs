namespace InstantNet.Agent.Sensors;

/// <summary>Energy from a sensor that tells only power: integrated over time by the trapezoidal rule between the sensor's readings.</summary>
/// <param name="sensor">Asked no more often than it has something new to say; owned.</param>
/// <param name="time">Clock.</param>
internal sealed class PowerCounter(IPowerSensor sensor, TimeProvider time) : IEnergyCounter
{
    // Over a longer gap a trapezoid would be a guess, not a measurement.
    private const int MostResolutionsBetween = 20;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);
    private double _settledMillijoules;
    private double _milliwatts;
    private long _askedAt;
    private long _lookedAt;
    private bool _asked;
    private bool _known;

    /// <inheritdoc/>
    public string Name => sensor.Name;

    /// <inheritdoc/>
    public SensorFault Fault { get; private set; }

    /// <inheritdoc/>
    public double ReadMillijoules(long timestamp)
    {
        double seconds = time.GetElapsedTime(_askedAt, timestamp).TotalSeconds;
        if (!_asked || seconds >= sensor.Resolution.TotalSeconds)
        {
            Ask(timestamp, seconds);
            seconds = 0;
        }

        // Until the next reading the power is taken to stay; the trapezoid then puts it right.
        return _settledMillijoules + (_known ? _milliwatts * seconds : 0);
    }

    /// <inheritdoc/>
    public void Dispose() => sensor.Dispose();

    private void Ask(long timestamp, double seconds)
    {
        Fault = sensor.Read(out double milliwatts);
        if (Fault is SensorFault.Gone or SensorFault.Absent && (!_asked || time.GetElapsedTime(_lookedAt, timestamp) >= LookEvery))
        {
            _lookedAt = timestamp;
            sensor.LookAgain();
            Fault = sensor.Read(out milliwatts);
        }

        bool known = Fault == SensorFault.None;
        if (known && _known)
            _settledMillijoules += Between(milliwatts, seconds);
        (_known, _asked, _milliwatts, _askedAt) = (known, true, milliwatts, timestamp);
    }

    private double Between(double milliwatts, double seconds) =>
        seconds <= sensor.Resolution.TotalSeconds * MostResolutionsBetween
            ? (_milliwatts + milliwatts) / 2 * seconds
            : milliwatts * seconds;
}
