namespace InstantNet.Agent.Sensors;

/// <summary>Power of the whole device as its batteries tell it. Blind while they are charged.</summary>
/// <param name="battery">Owned by the caller.</param>
internal sealed class BatteryPower(SysfsBattery battery) : IPowerSensor
{
    /// <inheritdoc/>
    public string Name { get; } = "battery:" + battery.Name;

    /// <inheritdoc/>
    public TimeSpan Resolution { get; } = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public SensorFault Read(out double milliwatts)
    {
        BatteryReading? reading = battery.Read();
        milliwatts = reading?.Watts is > 0 and double watts ? watts * 1000 : 0;
        if (milliwatts > 0)
            return SensorFault.None;
        return reading switch
        {
            null => battery.Fault == SensorFault.None ? SensorFault.Absent : battery.Fault,
            { Watts: null } => SensorFault.Absent,
            _ => SensorFault.NotDischarging,
        };
    }

    /// <inheritdoc/>
    public void LookAgain()
    {
        // The battery looks for itself.
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Not owned.
    }
}
