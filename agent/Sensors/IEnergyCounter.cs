namespace InstantNet.Agent.Sensors;

/// <summary>Energy that the device, or the part of it that a sensor sees, has taken since the counter was opened. One caller at a time.</summary>
internal interface IEnergyCounter : IDisposable
{
    /// <summary>What it is, for telemetry: the kind, and after a colon the sensor.</summary>
    string Name { get; }

    /// <summary>Why the last reading brought nothing new.</summary>
    SensorFault Fault { get; }

    /// <summary>Reads it. While the sensor is silent the sum stands still. Allocates nothing unless the sensor has to be looked for again.</summary>
    /// <param name="timestamp">Now, in ticks of the clock that the counter was opened with; never earlier than the last.</param>
    /// <returns>Millijoules.</returns>
    double ReadMillijoules(long timestamp);
}
