namespace InstantNet.Generation.Mapping.Accounting;

/// <summary>What running one group of a layer costs.</summary>
/// <param name="EnergyPicojoules">Dynamic energy of multiply-accumulates, memories and networks.</param>
/// <param name="Cycles">Clock cycles, stalls for bandwidth included.</param>
public readonly record struct Cost(double EnergyPicojoules, long Cycles)
{
    /// <summary>Energy–delay product in picojoule-cycles.</summary>
    public double EnergyDelay => EnergyPicojoules * Cycles;
}
