namespace InstantNet.Generation.Mapping;

/// <summary>How a layer runs on an architecture: per memory level, which loops run there in which order and what is kept.</summary>
/// <param name="Levels">Outermost first, one per memory level, so that it reads like the loop nest.</param>
public sealed record Dataflow(IReadOnlyList<DataflowLevel> Levels);

/// <summary>One block of the nest: for temporal loops { parallel for spatial loops { next level } }.</summary>
/// <param name="Level">Name of the memory level.</param>
/// <param name="Keeps">Tensors held here; the others pass by.</param>
/// <param name="Temporal">Outermost first; loops of bound 1 are left out.</param>
/// <param name="Spatial">Fan-out from one instance to the next level inwards; order does not matter.</param>
public sealed record DataflowLevel(
    string Level, IReadOnlyList<Operand> Keeps, IReadOnlyList<TemporalLoop> Temporal, IReadOnlyList<SpatialLoop> Spatial);

/// <summary>A loop whose iterations follow one another.</summary>
/// <param name="Dimension">What it walks over.</param>
/// <param name="Bound">Iterations, at least 1.</param>
public sealed record TemporalLoop(Dimension Dimension, int Bound);

/// <summary>A loop whose iterations run side by side.</summary>
/// <param name="Dimension">What it walks over.</param>
/// <param name="Bound">Instances used, at least 1.</param>
/// <param name="Axis">Direction of the mesh.</param>
public sealed record SpatialLoop(Dimension Dimension, int Bound, MeshAxis Axis);

/// <summary>Direction of a mesh of instances.</summary>
public enum MeshAxis
{
    /// <summary>Along the columns.</summary>
    X,

    /// <summary>Along the rows.</summary>
    Y,
}
