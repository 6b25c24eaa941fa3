using InstantNet.Contracts;
using InstantNet.Contracts.Messages;

namespace InstantNet.Agent.Sensors;

/// <summary>Processor time of the inferring thread times a nominal power: for machines without any meter.</summary>
/// <param name="wattsPerCore">What one busy core is taken to draw above idle, watts, positive.</param>
internal sealed class ProcessorTimeMeter(double wattsPerCore) : IEnergyMeter
{
    private const double NanojoulesPerMillijoule = 1e6;
    private long _beganNs;

    /// <inheritdoc/>
    public string Name => "processor";

    /// <inheritdoc/>
    public MeterSource Source => MeterSource.Estimated;

    /// <inheritdoc/>
    public double IdleMilliwatts => 0;

    /// <inheritdoc/>
    public void Begin() => _beganNs = NativeClock.ThreadProcessorNanoseconds();

    /// <inheritdoc/>
    public double End(Precision bits) => Math.Max(0, NativeClock.ThreadProcessorNanoseconds() - _beganNs) * wattsPerCore / NanojoulesPerMillijoule;

    /// <inheritdoc/>
    public void Dispose()
    {
        // Holds nothing.
    }
}
