using InstantNet.Generation.Mapping.Search;
using static InstantNet.Generation.Mapping.Dimension;

namespace InstantNet.Generation.Mapping.Experts;

/// <summary>Output stationary: a unit accumulates its output pixels until they are finished.</summary>
/// <remarks>
/// Source: Du et al., ShiDianNao, ISCA 2015, section 5 (a tile of output pixels over the array, weights broadcast, inputs shifted between
/// neighbours). Several output maps side by side are allowed, which ShiDianNao itself leaves to time, because small maps would otherwise
/// leave most units idle (the SOC-MOP and MOC variants in Chen, Emer and Sze, Eyeriss, ISCA 2016, section IV).
/// </remarks>
internal static class OutputStationary
{
    public const string Name = "output-stationary";

    public static FlowConstraints On(Architecture architecture) => FlowTemplate.OnArrayOf(architecture, Name)
        .Across(MeshAxis.Y, P, K)
        .Across(MeshAxis.X, Q, K)
        .Inside(C, R, S, K, P, Q)
        .OnChip(N, K, C, P, Q, R, S)
        .Outermost(N, K, C, P, Q, R, S)
        .OrderAtArray(S, R, C, Q, P, K, N)
        .PassAtArray(OperandSet.None)
        .Build(Name);
}
