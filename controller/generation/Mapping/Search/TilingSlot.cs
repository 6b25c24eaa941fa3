namespace InstantNet.Generation.Mapping.Search;

/// <summary>A block that can hold a factor of each loop.</summary>
/// <param name="Row">First entry of its row in <see cref="MappingView.Bounds"/>.</param>
/// <param name="Level">Memory level it belongs to, innermost is 0.</param>
/// <param name="Limit">Largest product of its factors: the mesh for a spatial block, unlimited for a temporal one.</param>
internal readonly record struct TilingSlot(int Row, int Level, int Limit);
