using InstantNet.Generation.Mapping.Search;
using static InstantNet.Generation.Mapping.Dimension;

namespace InstantNet.Generation.Mapping.Experts;

/// <summary>Weight stationary: a unit's weights stay while all output pixels pass.</summary>
/// <remarks>
/// Source: Jouppi et al., In-Datacenter Performance Analysis of a Tensor Processing Unit, ISCA 2017 (systolic array, input channels down,
/// output channels across), and NVDLA's convolution core; taxonomy of Chen, Emer and Sze, Eyeriss, ISCA 2016, section IV.
/// Which loops turn outside the buffer, and in which order, is left to the search.
/// </remarks>
internal static class WeightStationary
{
    public const string Name = "weight-stationary";

    public static FlowConstraints On(Architecture architecture) => FlowTemplate.OnArrayOf(architecture, Name)
        .Across(MeshAxis.Y, C, R, S)
        .Across(MeshAxis.X, K)
        .Inside(C, K, R, S)
        .OnChip(N, K, C, P, Q, R, S)
        .Outermost(N, K, C, P, Q, R, S)
        .OrderAtArray(Q, P, N, S, R, C, K)
        .PassAtArray(OperandSet.None)
        .Build(Name);
}
