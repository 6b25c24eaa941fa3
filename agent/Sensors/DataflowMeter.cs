using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Releases;

namespace InstantNet.Agent.Sensors;

/// <summary>The energy that the deployed dataflow was costed with: for classes of device that are modelled, not metered.</summary>
internal sealed class DataflowMeter : IEnergyMeter
{
    private readonly double[] _energyMjByBits = new double[Precision.MaxBits + 1];

    /// <param name="costs">Predicted cost of each precision; never empty.</param>
    public DataflowMeter(IReadOnlyDictionary<Precision, PredictedCost> costs)
    {
        foreach ((Precision bits, PredictedCost cost) in costs)
            _energyMjByBits[bits.Bits] = cost.EnergyMj;
        IdleMilliwatts = costs.Values.Max(c => c.IdleMw);
    }

    /// <inheritdoc/>
    public string Name => "dataflow";

    /// <inheritdoc/>
    public MeterSource Source => MeterSource.Modelled;

    /// <inheritdoc/>
    public double IdleMilliwatts { get; }

    /// <inheritdoc/>
    public void Begin()
    {
        // A model needs no start of the measurement.
    }

    /// <inheritdoc/>
    public double End(Precision bits) => _energyMjByBits[bits.Bits];

    /// <inheritdoc/>
    public void Dispose()
    {
        // Holds nothing.
    }
}
