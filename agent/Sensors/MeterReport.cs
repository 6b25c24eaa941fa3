using InstantNet.Contracts.Messages;

namespace InstantNet.Agent.Sensors;

/// <summary>What energy figures are made of at one moment.</summary>
/// <param name="Meter">Name of the meter in use.</param>
/// <param name="Source">Measured, modelled or estimated.</param>
/// <param name="IdleMw">Power of the device without inference, milliwatts; 0 when it is not known or already inside the figures.</param>
/// <param name="Silent">What is the matter with the sensor that should be used; null while it answers or there is none.</param>
internal sealed record MeterReport(string Meter, MeterSource Source, double IdleMw, string? Silent)
{
    /// <summary>Of a meter; null of none.</summary>
    public static MeterReport? Of(IEnergyMeter? meter)
    {
        if (meter is null)
            return null;
        string? silent = meter is LedgerMeter { Ledger: { Fault: not SensorFault.None } ledger } ? $"{ledger.Name} {ledger.Fault.Words()}" : null;
        return new MeterReport(meter.Name, meter.Source, meter.IdleMilliwatts, silent);
    }
}
