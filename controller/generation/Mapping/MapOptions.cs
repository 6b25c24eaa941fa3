namespace InstantNet.Generation.Mapping;

/// <summary>How much a network's mapping may cost.</summary>
/// <param name="Seed">Start of the random numbers; the same seed and budget give the same mapping on any number of threads.</param>
/// <param name="EvaluationsPerLayer">Mappings costed per distinct layer, precision and flow, at least 1. Default 25,000: eight times as many lower the energy–delay product of the built-in network by less than 1 %.</param>
/// <param name="Threads">Layers searched side by side; 0 is one per processor.</param>
public sealed record MapOptions(long Seed = 1, long EvaluationsPerLayer = 25_000, int Threads = 0);

/// <summary>How far a network's mapping is.</summary>
/// <param name="DeviceClass">Id of the class.</param>
/// <param name="LayersDone">Distinct layers mapped at every precision.</param>
/// <param name="Layers">Distinct layers.</param>
public sealed record MapProgress(string DeviceClass, int LayersDone, int Layers);
