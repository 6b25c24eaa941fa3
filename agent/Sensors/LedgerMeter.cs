using InstantNet.Contracts;
using InstantNet.Contracts.Messages;

namespace InstantNet.Agent.Sensors;

/// <summary>A sensor's energy for the frames of one release. While the sensor is silent, what would be used without it answers, and is named.</summary>
/// <param name="ledger">Shared by all releases; not owned.</param>
/// <param name="without">Used while the sensor is silent; owned.</param>
internal sealed class LedgerMeter(EnergyLedger ledger, IEnergyMeter without) : IEnergyMeter
{
    private double _began;
    private bool _isOpen;

    /// <summary>What divides the sensor's figures.</summary>
    public EnergyLedger Ledger => ledger;

    /// <inheritdoc/>
    public string Name => IsSilent ? without.Name : ledger.Name;

    /// <inheritdoc/>
    public MeterSource Source => IsSilent ? without.Source : MeterSource.Measured;

    /// <inheritdoc/>
    public double IdleMilliwatts => IsSilent ? without.IdleMilliwatts : ledger.IdleMilliwatts ?? 0;

    private bool IsSilent => ledger.Fault != SensorFault.None;

    /// <inheritdoc/>
    public void Begin()
    {
        Close(); // Of a frame that failed.
        _began = ledger.Begin();
        _isOpen = true;
        without.Begin();
    }

    /// <inheritdoc/>
    public double End(Precision bits)
    {
        double otherwise = without.End(bits), energyMj = Close();
        return IsSilent ? otherwise : energyMj;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        without.Dispose();
    }

    private double Close()
    {
        if (!_isOpen)
            return 0;
        _isOpen = false;
        return ledger.End(_began);
    }
}
