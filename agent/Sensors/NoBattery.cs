namespace InstantNet.Agent.Sensors;

/// <summary>Mains power.</summary>
internal sealed class NoBattery : IBattery
{
    /// <inheritdoc/>
    public double? CapacityJoules => null;

    /// <inheritdoc/>
    public BatteryReading? Read() => null;

    /// <inheritdoc/>
    public void Begin()
    {
        // Nothing to begin.
    }

    /// <inheritdoc/>
    public void Draw(double millijoules)
    {
        // The mains do not run down.
    }
}
