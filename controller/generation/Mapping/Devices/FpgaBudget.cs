namespace InstantNet.Generation.Mapping.Devices;

/// <summary>What an FPGA offers to the engines that are configured into it.</summary>
/// <param name="Dsps">Multiplier slices, one to a multiply-accumulate unit; at least 1.</param>
/// <param name="Bram18Kibits">Block RAMs of 18 Kibit, two to one of 36 Kibit; at least 1.</param>
public sealed record FpgaBudget(int Dsps, int Bram18Kibits);
