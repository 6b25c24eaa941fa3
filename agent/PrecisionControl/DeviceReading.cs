namespace InstantNet.Agent.PrecisionControl;

/// <summary>What a decision is told about the device.</summary>
/// <param name="BatteryPct">Charge, percent; null without a battery.</param>
/// <param name="Celsius">Temperature; null when it is not known.</param>
/// <param name="Allowance">What the battery can spare.</param>
internal readonly record struct DeviceReading(double? BatteryPct, double? Celsius = null, EnergyAllowance Allowance = default);
