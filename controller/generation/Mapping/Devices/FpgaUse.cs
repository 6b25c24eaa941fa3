namespace InstantNet.Generation.Mapping.Devices;

/// <summary>What an engine takes of an FPGA, the budget kept or not.</summary>
/// <param name="Dsps">Multiplier slices.</param>
/// <param name="Bram18Kibits">Block RAMs of 18 Kibit.</param>
/// <param name="Budget">What there is.</param>
public sealed record FpgaUse(long Dsps, long Bram18Kibits, FpgaBudget Budget)
{
    /// <summary>Whether the engine can be configured; false when either resource runs out.</summary>
    public bool IsWithinBudget => Dsps <= Budget.Dsps && Bram18Kibits <= Budget.Bram18Kibits;
}
