using InstantNet.Generation.Mapping.Search;
using static InstantNet.Generation.Mapping.Dimension;

namespace InstantNet.Generation.Mapping.Experts;

/// <summary>Like DNNBuilder: an engine per layer, all at work at once, columns of activations handed from engine to engine on chip.</summary>
/// <remarks>
/// Source: Zhang et al., DNNBuilder, ICCAD 2018: each stage multiplies CPF input channels by KPF output channels in parallel; the column-based
/// cache holds the columns of the input that one column of the output needs, all channels and rows; weights stream by once per column group.
/// </remarks>
internal static class DnnBuilder
{
    public const string Name = "dnnbuilder";

    /// <summary>Loops that stay on chip in each stage.</summary>
    public static IReadOnlyList<Dimension> OnChip { get; } = [C, P, R, S];

    /// <summary>One stage as its authors built it.</summary>
    public static FlowConstraints On(Architecture architecture) => Columns(architecture)
        .Across(MeshAxis.Y, C)
        .Across(MeshAxis.X, K)
        .OrderAtArray(S, R, C, P, Q, K, N)
        .Build(Name);

    /// <summary>Any stage that can take part in such a pipeline: columns in, columns out, everything else free.</summary>
    public static FlowConstraints StreamingOn(Architecture architecture)
    {
        ReadOnlySpan<Dimension> all = [N, K, C, P, Q, R, S];
        return Columns(architecture).Across(MeshAxis.Y, all).Across(MeshAxis.X, all).Inside(all).OnChip(all).Build("streaming");
    }

    // Outside the chip only columns (Q) and, within them, groups of output channels (K) follow one another.
    private static FlowTemplate Columns(Architecture architecture) => new FlowTemplate(architecture, architecture.Levels.Count - 2)
        .Inside(C, R, S, K)
        .OnChip(K, C, P, Q, R, S)
        .Outermost(N, Q, K)
        .NeverOutermost([.. OnChip])
        .OrderOutside(K, Q, N, C, P, R, S)
        .PassAtArray(OperandSet.None);
}
