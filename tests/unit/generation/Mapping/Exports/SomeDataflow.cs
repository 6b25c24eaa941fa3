using InstantNet.Contracts;
using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Exports;

namespace InstantNet.Tests.Unit.Generation.Mapping.Exports;

/// <summary>Documents of searched, random and hand-made dataflows.</summary>
internal static class SomeDataflow
{
    private static readonly Operand[] All = [Operand.Weights, Operand.Inputs, Operand.Outputs];

    /// <summary>A legal document on eyeriss-168 at 16 bits, small enough to read: K 8, C 6, P = Q = 4, R = S = 3.</summary>
    public static DataflowDocument Small => new(
        DataflowDocument.CurrentVersion, "some-network", "conv", "eyeriss-168", new Precision(16), OperandBits.Words,
        new LoopBounds(1, 8, 6, 4, 4, 3, 3), 1, false, 1, "free",
        [
            new DataflowLevel("DRAM", All, [new TemporalLoop(Dimension.K, 4)], []),
            new DataflowLevel("GlobalBuffer", [Operand.Inputs, Operand.Outputs], [new TemporalLoop(Dimension.C, 3), new TemporalLoop(Dimension.Q, 4)],
                [new SpatialLoop(Dimension.P, 4, MeshAxis.X), new SpatialLoop(Dimension.R, 3, MeshAxis.Y)]),
            new DataflowLevel("RegFile", All, [new TemporalLoop(Dimension.K, 2), new TemporalLoop(Dimension.C, 2), new TemporalLoop(Dimension.S, 3)], []),
        ],
        0, 0);

    public static DataflowDocument Document(
        Workload workload, Architecture architecture, EncodedMapping mapping, OperandBits bits, string layer = "layer", double picojoules = 0, long cycles = 0) => new(
        DataflowDocument.CurrentVersion, "some-network", layer, architecture.Name, new Precision(16), bits, workload.Bounds, workload.Stride,
        workload.IsDepthwise, workload.Groups, "free", mapping.ToDataflow(architecture).Levels, picojoules, cycles);

    public static CheckedDataflow Checked(Workload workload, Architecture architecture, EncodedMapping mapping, OperandBits bits) =>
        CheckedDataflow.From(Document(workload, architecture, mapping, bits), architecture);
}
