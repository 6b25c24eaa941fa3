namespace InstantNet.Agent.Sensors;

/// <summary>What a battery's driver said at one moment, in the kernel's units. Drivers tell either energy or charge, and either power or current.</summary>
/// <remarks>Source: Linux kernel documentation, ABI/testing/sysfs-class-power: µWh, µAh, µW, µA, µV.</remarks>
/// <param name="CapacityPct">Charge, percent.</param>
/// <param name="EnergyNow">µWh.</param>
/// <param name="EnergyFull">µWh when full.</param>
/// <param name="ChargeNow">µAh.</param>
/// <param name="ChargeFull">µAh when full.</param>
/// <param name="VoltageNow">µV.</param>
/// <param name="PowerNow">µW; the sign depends on the driver.</param>
/// <param name="CurrentNow">µA; the sign depends on the driver.</param>
internal readonly record struct PowerAttributes(
    SensorNumber CapacityPct, SensorNumber EnergyNow, SensorNumber EnergyFull, SensorNumber ChargeNow, SensorNumber ChargeFull,
    SensorNumber VoltageNow, SensorNumber PowerNow, SensorNumber CurrentNow)
{
    private const double JoulesPerMicrowattHour = 3600e-6;
    private const double MicrovoltsPerVolt = 1e6;
    private const double MicrowattsPerWatt = 1e6;
    private const double Percent = 100;

    /// <summary>Energy that is left, joules; null when the driver tells too little.</summary>
    public double? RemainingJoules => Joules(EnergyNow, ChargeNow);

    /// <summary>Energy when full, joules; null when the driver tells too little.</summary>
    public double? FullJoules => Joules(EnergyFull, ChargeFull) is > 0 and double full ? full : null;

    /// <summary>Charge, percent, 0..100: as the driver says, else from energy or charge; null when it tells neither.</summary>
    public double? Pct => CapacityPct.IsValid
        ? CapacityPct.Value
        : (Share(EnergyNow, EnergyFull) ?? Share(ChargeNow, ChargeFull)) is double share ? Math.Clamp(share * Percent, 0, Percent) : null;

    /// <summary>Size of the flow into or out of the battery, watts, not negative: which way it goes, drivers sign differently, and the status says.</summary>
    public double? FlowWatts
    {
        get
        {
            if (PowerNow.IsValid)
                return Math.Abs(PowerNow.Value / MicrowattsPerWatt);
            return CurrentNow.IsValid && VoltageNow.IsValid
                ? Math.Abs(CurrentNow.Value / MicrowattsPerWatt * (VoltageNow.Value / MicrovoltsPerVolt))
                : null;
        }
    }

    private static double? Share(SensorNumber now, SensorNumber full) =>
        now.IsValid && full is { IsValid: true, Value: > 0 } ? (double)now.Value / full.Value : null;

    private double? Joules(SensorNumber energy, SensorNumber charge) => energy.IsValid
        ? energy.Value * JoulesPerMicrowattHour
        : charge.IsValid && VoltageNow.IsValid ? charge.Value * JoulesPerMicrowattHour * (VoltageNow.Value / MicrovoltsPerVolt) : null;
}
