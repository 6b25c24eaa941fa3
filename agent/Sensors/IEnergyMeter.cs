using InstantNet.Contracts;
using InstantNet.Contracts.Messages;

namespace InstantNet.Agent.Sensors;

/// <summary>Energy of one inference at a time.</summary>
/// <remarks>Used by one thread at a time; <see cref="Begin"/> and <see cref="End"/> allocate nothing.</remarks>
internal interface IEnergyMeter : IDisposable
{
    /// <summary>What it is, for telemetry: a kind, and after a colon which one, where there are several.</summary>
    string Name { get; }

    /// <summary>Where the figures come from.</summary>
    MeterSource Source { get; }

    /// <summary>Power of the device without inference, milliwatts; 0 when it is not known or already inside the figures.</summary>
    double IdleMilliwatts { get; }

    /// <summary>Called on the inferring thread right before an inference.</summary>
    void Begin();

    /// <summary>Called on the same thread right after it.</summary>
    /// <param name="bits">Precision of the inference.</param>
    /// <returns>Its energy, millijoules, not negative.</returns>
    double End(Precision bits);
}
