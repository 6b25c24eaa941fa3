using InstantNet.Generation.Mapping.Search;
using static InstantNet.Generation.Mapping.Dimension;

namespace InstantNet.Generation.Mapping.Experts;

/// <summary>Eyeriss' row stationary dataflow as constraints, its tile sizes left to the search.</summary>
/// <remarks>
/// Source: Chen, Emer and Sze, Eyeriss, ISCA 2016, section V. A unit holds one filter row (S) and slides it along one output row (Q, the
/// innermost loop over the array); filter rows (R) lie along Y with replicas over channels, output rows (P) along X with replicas over
/// filters; a unit interleaves several channels and filters. Weights go past the buffer where the class lets them; sums are finished over
/// the channels before the next filters come, and those before the next strip of rows. What stays free is how much of each loop goes where;
/// filter rows that the array is too short for are folded in time.
/// </remarks>
internal static class RowStationary
{
    public const string Name = "row-stationary";

    public static FlowConstraints On(Architecture architecture) => FlowTemplate.OnArrayOf(architecture, Name)
        .Across(MeshAxis.Y, R, C, K)
        .Across(MeshAxis.X, P, K)
        .Inside(S, C, K)
        .OnChip(N, K, C, P, Q, R)
        .Outermost(N, K, C, P, Q, R)
        .OrderAtArray(Q, C, R, K, P, N)
        .OrderOutside(C, R, K, Q, P, N)
        .PassAtArray(OperandSet.Weights)
        .Build(Name);
}
