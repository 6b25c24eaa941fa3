namespace InstantNet.Generation.Mapping.Exports;

/// <summary>A tile of one tensor that all instances of a level hold.</summary>
/// <param name="Name">The C++ array.</param>
/// <param name="Operand">The tensor.</param>
/// <param name="Level">Innermost 0.</param>
/// <param name="Parent">Where its words come from and sums go to; null is the memory outside.</param>
/// <param name="Instances">Spatial loops outside the level: the array's first dimensions.</param>
/// <param name="Shape">Elements of one instance's tile: the array's other dimensions.</param>
/// <param name="Depth">Temporal loops around its tile's stay, counted from outside: the tile changes with the last of these and no loop inside it.</param>
internal sealed record HlsBuffer(
    string Name, Operand Operand, int Level, HlsBuffer? Parent, IReadOnlyList<HlsLoop> Instances, IReadOnlyList<long> Shape, int Depth);
