using InstantNet.Generation.Mapping.Search;
using static InstantNet.Generation.Mapping.Dimension;

namespace InstantNet.Generation.Mapping.Experts;

/// <summary>Like NVIDIA's MAGNet: a template of processing elements with input channels by output channels in parallel, searched over a few local dataflows.</summary>
/// <remarks>
/// Source: Venkatesan et al., MAGNet, ICCAD 2019: weight stationary, output stationary, and output stationary with local weight stationary.
/// The best of the three templates counts; channels and pixels may be spread over the elements.
/// </remarks>
internal static class Magnet
{
    public const string Name = "magnet";

    public static IReadOnlyList<FlowConstraints> On(Architecture architecture) =>
    [
        Elements(architecture).Inside(C, K, R, S).OrderAtArray(Q, P, N, S, R, C, K).Build(Name),
        Elements(architecture).Inside(C, K, R, S).OrderAtArray(S, R, C, Q, P, K, N).Build(Name),
        Elements(architecture).Inside(C, K, P, Q).OrderAtArray(S, R, C, Q, P, K, N).Build(Name),
    ];

    private static FlowTemplate Elements(Architecture architecture) => FlowTemplate.OnArrayOf(architecture, Name)
        .Across(MeshAxis.Y, C, P)
        .Across(MeshAxis.X, K, Q)
        .OnChip(N, K, C, P, Q, R, S)
        .Outermost(N, K, C, P, Q, R, S)
        .PassAtArray(OperandSet.None);
}
