using InstantNet.Generation.Mapping.Search;
using static InstantNet.Generation.Mapping.Dimension;

namespace InstantNet.Generation.Mapping.Experts;

/// <summary>Like Xilinx' CHaiDNN: one engine for all layers, output channels by output pixels in parallel, finished sums leave the array.</summary>
/// <remarks>
/// Source: the CHaiDNN v2 library's published design: a fixed number of kernels and of pixels run side by side, input channels and the window
/// in time, an input strip stays on chip while all kernels pass over it.
/// </remarks>
internal static class ChaiDnn
{
    public const string Name = "chaidnn";

    public static FlowConstraints On(Architecture architecture) => FlowTemplate.OnArrayOf(architecture, Name)
        .Across(MeshAxis.X, K)
        .Across(MeshAxis.Y, Q, P)
        .Inside(C, R, S)
        .OnChip(C, R, S, Q, P, K)
        .Outermost(N, K, C, P, Q)
        .OrderAtArray(S, R, C, Q, P, K, N)
        .OrderOutside(C, K, Q, P, N)
        .PassAtArray(OperandSet.None)
        .Build(Name);
}
