namespace InstantNet.Agent.Sensors;

/// <summary>A whole number from a sensor, or why there is none. The default is no fault and 0.</summary>
/// <param name="Value">In the kernel's unit; 0 with a fault.</param>
/// <param name="Fault">Why there is none.</param>
internal readonly record struct SensorNumber(long Value, SensorFault Fault)
{
    /// <summary>Whether there is a value.</summary>
    public bool IsValid => Fault == SensorFault.None;

    /// <summary>No value.</summary>
    public static SensorNumber Failed(SensorFault fault) => new(0, fault);
}
