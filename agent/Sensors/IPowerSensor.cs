namespace InstantNet.Agent.Sensors;

/// <summary>Power at this moment. One caller at a time.</summary>
internal interface IPowerSensor : IDisposable
{
    /// <summary>What it is, for telemetry: the kind, and after a colon the sensor.</summary>
    string Name { get; }

    /// <summary>How often it has something new to say; asking more often only keeps a bus busy.</summary>
    TimeSpan Resolution { get; }

    /// <summary>Asks it. Allocates nothing.</summary>
    /// <param name="milliwatts">Power, not negative; 0 with a fault.</param>
    SensorFault Read(out double milliwatts);

    /// <summary>Looks for it again, after it was unplugged or its driver was loaded anew.</summary>
    void LookAgain();
}
