using System.Text;
using InstantNet.Contracts;
using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Devices;
using InstantNet.Generation.Mapping.Network;
using InstantNet.Generation.Mapping.Search;

namespace InstantNet.Tests.Unit.Generation.Mapping;

public class DataflowDocumentTests
{
    private static DataflowDocument Example => new(
        DataflowDocument.CurrentVersion, "mobilenet-small", "b0.expand", "eyeriss-168", new Precision(4), new OperandBits(4, 4, 4, 16),
        new LoopBounds(1, 48, 16, 14, 14, 1, 1), 1, false, 1, "free",
        [
            new DataflowLevel("DRAM", [Operand.Weights, Operand.Inputs, Operand.Outputs], [new TemporalLoop(Dimension.K, 4)], []),
            new DataflowLevel("GlobalBuffer", [Operand.Inputs, Operand.Outputs], [new TemporalLoop(Dimension.Q, 14)],
                [new SpatialLoop(Dimension.P, 14, MeshAxis.X), new SpatialLoop(Dimension.K, 12, MeshAxis.Y)]),
            new DataflowLevel("RegFile", [Operand.Weights, Operand.Inputs, Operand.Outputs], [new TemporalLoop(Dimension.C, 16)], []),
        ],
        1234.5, 6789);

    private const string Golden = """
        {"v":1,"network":"mobilenet-small","layer":"b0.expand","deviceClass":"eyeriss-168","precision":4,
         "bits":{"weights":4,"inputs":4,"outputs":4,"partialSums":16},
         "loops":{"n":1,"k":48,"c":16,"p":14,"q":14,"r":1,"s":1},"stride":1,"isDepthwise":false,"groups":1,"flow":"free",
         "levels":[
          {"level":"DRAM","keeps":["Weights","Inputs","Outputs"],"temporal":[{"dimension":"K","bound":4}],"spatial":[]},
          {"level":"GlobalBuffer","keeps":["Inputs","Outputs"],"temporal":[{"dimension":"Q","bound":14}],
           "spatial":[{"dimension":"P","bound":14,"axis":"X"},{"dimension":"K","bound":12,"axis":"Y"}]},
          {"level":"RegFile","keeps":["Weights","Inputs","Outputs"],"temporal":[{"dimension":"C","bound":16}],"spatial":[]}],
         "energyPicojoules":1234.5,"cycles":6789}
        """;

    [Fact]
    public void The_golden_sample_still_reads()
    {
        DataflowDocument read = DataflowDocument.Parse(Encoding.UTF8.GetBytes(Golden));

        Assert.Equal(Encoding.UTF8.GetString(Example.ToJson()), Encoding.UTF8.GetString(read.ToJson()));
        Assert.Equal(new Precision(4), read.Precision);
        Assert.Equal(new SpatialLoop(Dimension.K, 12, MeshAxis.Y), read.Levels[1].Spatial[1]);
    }

    [Fact]
    public void What_was_written_is_costed_the_same_when_read_back()
    {
        Architecture architecture = SomeMapping.Eyeriss.Architecture;
        SearchSpace space = SomeMapping.Space(SomeMapping.Convolution, architecture);
        foreach (EncodedMapping mapping in SomeMapping.Random(space, 50, seed: 8))
        {
            Dataflow flow = mapping.ToDataflow(architecture);
            DataflowDocument read = DataflowDocument.Parse((Example with { Levels = flow.Levels }).ToJson());
            EncodedMapping back = EncodedMapping.From(new Dataflow(read.Levels), architecture, SomeMapping.Convolution);

            Assert.Equal(SomeMapping.Evaluate(space.Model, mapping).Counts, SomeMapping.Evaluate(space.Model, back).Counts);
        }
    }

    [Theory]
    [InlineData("{\"v\":1}")]
    [InlineData("null")]
    [InlineData("not json")]
    public void Anything_else_is_refused(string text) =>
        Assert.Throws<InvalidDataException>(() => DataflowDocument.Parse(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Another_version_is_refused()
    {
        InvalidDataException fault = Assert.Throws<InvalidDataException>(() => DataflowDocument.Parse((Example with { V = 2 }).ToJson()));

        Assert.Contains("version 2", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dataflow_reads_as_a_loop_nest()
    {
        const string expected = """
            DRAM [keeps weights, inputs, outputs]
            for k in 0..4
              GlobalBuffer [keeps inputs, outputs]
              for q in 0..14
                parallel for p in 0..14 along X
                  parallel for k in 0..12 along Y
                    RegFile [keeps weights, inputs, outputs]
                    for c in 0..16
                      multiply-accumulate

            """;

        Assert.Equal(expected, LoopNestText.Of(new Dataflow(Example.Levels)));
    }

    [Fact]
    public void A_mapped_network_gives_one_document_per_layer_and_precision()
    {
        NetworkMapping mapping = NetworkMapper.Map(
            InstantNet.Generation.Networks.MobileNet.Small(new(1, 28, 28), 10), DeviceClasses.Load("eyeriss-168"), SomeMapping.Precisions(4, 8),
            new MapOptions { EvaluationsPerLayer = 100 }, null, CancellationToken.None);

        DataflowDocument[] documents = [.. mapping.Precisions.SelectMany(p => DataflowDocument.From(mapping, p))];

        Assert.Equal(2 * mapping.Precisions[0].Layers.Count, documents.Length);
        Assert.Equal(documents.Length, documents.Select(d => (d.Layer, d.Precision)).Distinct().Count());
    }
}
