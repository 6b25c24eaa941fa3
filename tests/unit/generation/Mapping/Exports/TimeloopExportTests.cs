using System.Globalization;
using System.Text.Json;
using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Accounting;
using InstantNet.Generation.Mapping.Exports;
using InstantNet.Generation.Mapping.Search;
using InstantNet.Generation.Mapping.Timeloop;
using InstantNet.Tests.Unit.Generation.Mapping.Timeloop;

namespace InstantNet.Tests.Unit.Generation.Mapping.Exports;

public class TimeloopExportTests
{
    // Timeloop 3.0.3 itself, built from its sources and given these files, reported 203920 pJ and 576 cycles.
    private const string SmallMapping = """
        # Dataflow of layer conv on eyeriss-168.
        # Outermost level first; permutations begin with the innermost loop.
        mapping:
          - target: "DRAM"
            type: temporal
            factors: K=4 N=1 C=1 P=1 Q=1 R=1 S=1
            permutation: KNCPQRS
          - target: "DRAM"
            type: datatype
            keep: [ Weights, Inputs, Outputs ]
          - target: "GlobalBuffer"
            type: temporal
            factors: Q=4 C=3 N=1 K=1 P=1 R=1 S=1
            permutation: QCNKPRS
          - target: "GlobalBuffer"
            type: spatial
            factors: P=4 R=3 N=1 K=1 C=1 Q=1 S=1
            permutation: PRNKCQS
            split: 1
          - target: "GlobalBuffer"
            type: datatype
            keep: [ Inputs, Outputs ]
            bypass: [ Weights ]
          - target: "RegFile"
            type: temporal
            factors: S=3 C=2 K=2 N=1 P=1 Q=1 R=1
            permutation: SCKNPQR
          - target: "RegFile"
            type: datatype
            keep: [ Weights, Inputs, Outputs ]

        """;

    [Fact]
    public void A_mapping_is_written_innermost_loop_first_with_what_passes_by()
    {
        LayerExport export = TimeloopExport.Of(CheckedDataflow.From(SomeDataflow.Small, SomeMapping.Eyeriss.Architecture), "conv");

        Assert.Equal(SmallMapping, Text(export, "conv.mapping.yaml"));
        Assert.Contains("must add up to 203920 pJ, in 576 cycles", Text(export, "conv.arch.yaml"), StringComparison.Ordinal);
        Assert.Equal("TIMELOOP_DISABLE_LINK_TRANSFERS=1 timeloop-model conv.arch.yaml conv.problem.yaml conv.mapping.yaml", export.Command);
    }

    [Fact]
    public void Every_reference_row_is_promised_the_figures_that_Timeloop_gave()
    {
        using JsonDocument rows = JsonDocument.Parse(File.ReadAllBytes(ReferenceFiles.MostComplete));
        foreach (ReferenceRow row in RowsFile.Read(rows.RootElement))
        {
            Architecture open = new(
                row.Architecture.Name, [.. row.Architecture.Levels.Select((l, i) => i < row.Architecture.Levels.Count - 1 ? l with { MayBypass = OperandSet.All } : l)],
                row.Architecture.Macs);
            string arch = Text(TimeloopExport.Of(SomeDataflow.Checked(row.Workload, open, row.Mapping, OperandBits.Words), "row"), "row.arch.yaml");

            double picojoules = row.Results.Member("energy_pJ").NumberFrom(0), cycles = row.Results.Member("cycles").NumberFrom(0);
            Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"must add up to {picojoules:F0} pJ, in {cycles} cycles"), arch, StringComparison.Ordinal);
            Assert.Contains("Timeloop can express all of it.", arch, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_depthwise_layer_has_six_loops_and_no_K()
    {
        SearchSpace space = SomeMapping.Space(SomeMapping.Depthwise, SomeMapping.Eyeriss.Architecture);
        foreach (EncodedMapping mapping in SomeMapping.Random(space, 10, seed: 3))
        {
            LayerExport export = TimeloopExport.Of(SomeDataflow.Checked(SomeMapping.Depthwise, SomeMapping.Eyeriss.Architecture, mapping, OperandBits.Words), "dw");

            Assert.Contains("dimensions: [ N, C, P, Q, R, S ]", Text(export, "dw.problem.yaml"), StringComparison.Ordinal);
            Assert.Contains("projection: [ [[C]], [[R]], [[S]] ]", Text(export, "dw.problem.yaml"), StringComparison.Ordinal);
            Assert.Contains("Stride: 2\n", Text(export, "dw.problem.yaml"), StringComparison.Ordinal);
            Assert.DoesNotContain("K=", Text(export, "dw.mapping.yaml"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_loop_along_both_axes_is_written_on_a_mesh_of_one_row()
    {
        DataflowLevel[] levels = [.. SomeDataflow.Small.Levels];
        levels[1] = levels[1] with
        {
            Temporal = [new TemporalLoop(Dimension.C, 3), new TemporalLoop(Dimension.R, 3), new TemporalLoop(Dimension.Q, 4)],
            Spatial = [new SpatialLoop(Dimension.P, 2, MeshAxis.X), new SpatialLoop(Dimension.P, 2, MeshAxis.Y)],
        };
        LayerExport export = TimeloopExport.Of(CheckedDataflow.From(SomeDataflow.Small with { Levels = levels }, SomeMapping.Eyeriss.Architecture), "conv");

        Assert.Contains("meshX: 168", Text(export, "conv.arch.yaml"), StringComparison.Ordinal);
        Assert.Contains("written as one row", Text(export, "conv.arch.yaml"), StringComparison.Ordinal);
        Assert.Contains("factors: P=4 N=1", Text(export, "conv.mapping.yaml"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Words of different widths (weights 4, inputs 8, partial sums 16 bits)")]
    [InlineData("A finished output of 8 bits")]
    [InlineData("Network energy from GlobalBuffer (2 pJ")]
    [InlineData("0.125 pJ for a multiply-accumulate: Timeloop parses an integer, so 0")]
    [InlineData("Units that make 8 multiply-accumulates a cycle")]
    public void What_Timeloop_cannot_express_is_said_at_the_top(string loss)
    {
        DataflowDocument narrow = SomeDataflow.Small with { Bits = new OperandBits(4, 8, 8, 16) };

        string arch = Text(TimeloopExport.Of(CheckedDataflow.From(narrow, SomeMapping.Eyeriss.Architecture), "conv"), "conv.arch.yaml");

        Assert.Contains(loss, arch[..arch.IndexOf("arch:", StringComparison.Ordinal)], StringComparison.Ordinal);
    }

    [Fact]
    public void Tiles_of_narrow_words_that_wide_ones_would_overflow_are_given_room()
    {
        Architecture architecture = SomeMapping.Edge.Architecture;
        OperandBits narrow = SomeMapping.Edge.WidthsFor(4, 4, 4);
        SearchSpace space = SomeMapping.Space(SomeMapping.Convolution, architecture, bits: narrow);
        MappingCandidate best = new EvolutionarySearch(space, seed: 1).Run(new SearchBudget(5000), [], CancellationToken.None).Best;

        string arch = Text(TimeloopExport.Of(SomeDataflow.Checked(SomeMapping.Convolution, architecture, best.Mapping, narrow), "conv"), "conv.arch.yaml");

        long words = new CostModel(SomeMapping.Convolution, architecture, new OperandBits(1, 1, 1, 1)).BitsKept(best.Mapping.View, 0);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"    entries: {Math.Max(words, 128 * 8 / 24)}\n"), arch, StringComparison.Ordinal);
    }

    private static string Text(LayerExport export, string name) => export.Files.Single(f => f.Name == name).Text;
}
