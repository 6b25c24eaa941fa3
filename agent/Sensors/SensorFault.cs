namespace InstantNet.Agent.Sensors;

/// <summary>Why a sensor gives no value.</summary>
internal enum SensorFault
{
    /// <summary>It gives one.</summary>
    None,

    /// <summary>The machine has no such sensor, or it was unplugged before it was opened.</summary>
    Absent,

    /// <summary>The kernel keeps it from this user.</summary>
    Forbidden,

    /// <summary>It was there and answers no more.</summary>
    Gone,

    /// <summary>It says something that is no whole number, or more than a number takes.</summary>
    NotANumber,

    /// <summary>It says a number that no such sensor can mean.</summary>
    OutOfRange,

    /// <summary>A battery that is not being discharged does not tell what the device draws.</summary>
    NotDischarging,
}

/// <summary>The same for people.</summary>
internal static class SensorFaults
{
    /// <summary>What is the matter, without a full stop. Allocates nothing.</summary>
    public static string Words(this SensorFault fault) => fault switch
    {
        SensorFault.None => "answers",
        SensorFault.Absent => "is not there",
        SensorFault.Forbidden => "may not be read by this user",
        SensorFault.Gone => "answers no more",
        SensorFault.NotANumber => "says something that is no number",
        SensorFault.OutOfRange => "says a number that it cannot mean",
        SensorFault.NotDischarging => "is not being discharged, so it does not tell what the device draws",
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "No such fault."),
    };
}
