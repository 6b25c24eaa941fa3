namespace InstantNet.Generation.Mapping.Exports;

/// <summary>One loop of the generated nest.</summary>
/// <param name="Name">The C++ variable: dimension, level, and for a spatial loop the axis.</param>
/// <param name="Level">Level whose block it stands in, innermost 0.</param>
/// <param name="Dimension">What it walks over.</param>
/// <param name="Bound">Iterations, above 1.</param>
/// <param name="Step">Elements of the dimension that one iteration advances.</param>
internal sealed record HlsLoop(string Name, int Level, Dimension Dimension, int Bound, int Step);
