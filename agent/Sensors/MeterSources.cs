namespace InstantNet.Agent.Sensors;

/// <summary>What there may be on this machine to measure energy with.</summary>
/// <param name="Root">Where devices are shown.</param>
/// <param name="Time">Clock.</param>
internal sealed record MeterSources(SysfsRoot Root, TimeProvider Time)
{
    /// <summary>Which kind is preferred, one of <see cref="MeterOrder.Words"/>.</summary>
    public string Meter { get; init; } = MeterOrder.Auto;

    /// <summary>Label of the rail that a current monitor is read for; null for the board's input.</summary>
    public string? Rail { get; init; }

    /// <summary>The machine's batteries, owned by the caller; null where they are not this device's.</summary>
    public SysfsBattery? Battery { get; init; }

    /// <summary>Nominal power of a busy core, watts, where there is no meter: 5 W, about a laptop core at its base clock.</summary>
    public double WattsPerCore { get; init; } = 5;

    /// <summary>Opens the counter of a kind; the caller owns it.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="fault">Why there is none.</param>
    public IEnergyCounter? TryOpen(MeterKind kind, out SensorFault fault)
    {
        fault = SensorFault.Absent;
        return kind switch
        {
            MeterKind.Hwmon when HwmonPower.TryOpen(Root, Rail, out fault) is { } power => new PowerCounter(power, Time),
            MeterKind.Rapl => RaplCounter.TryOpen(Root, Time, out fault),
            MeterKind.Battery when Battery is { } battery && battery.Read()?.Watts is not null => new PowerCounter(new BatteryPower(battery), Time),
            _ => null,
        };
    }
}
