using System.Text.Json.Nodes;
using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Search;
using InstantNet.Generation.Mapping.Timeloop;

namespace InstantNet.Tests.Unit.Generation.Mapping.Timeloop;

public sealed class TimeloopComparisonTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    private static JsonObject Layer(string arch = "eyeriss168") => new()
    {
        ["layer"] = "mbv2_b2_expand",
        ["arch"] = arch,
        ["layer_shape"] = JsonNode.Parse("""{"N":1,"K":96,"C":16,"R":1,"S":1,"P":112,"Q":112,"stride":1,"groups":1,"kind":"conv"}"""),
        ["constraints"] = "keepall",
        ["best"] = JsonNode.Parse("""{"cycles":301056,"energy_pJ":380220416.0}"""),
    };

    private ComparisonReport Compare(JsonNode document, long evaluations = 60_000)
    {
        File.WriteAllText(_path, document.ToJsonString());
        return new TimeloopComparison(TimeProvider.System).Run(_path, new SearchBudget(evaluations), 1, 1, null, CancellationToken.None);
    }

    [Fact]
    public void A_layer_comes_out_better_than_Timeloops_own_mapper_left_it()
    {
        ComparisonReport report = Compare(new JsonArray(Layer()));

        Assert.True(report.IsNeverWorse);
        Assert.Equal(report.Layers[0].Ours.EnergyDelay / (301056 * 380220416.0), report.GeometricMean, 12);
        Assert.InRange(report.Largest, 0.9, 0.975);
        Assert.True(report.Layers[0].BoundRatio >= 1);
    }

    [Theory]
    [InlineData("eyeriss168")]
    [InlineData("edge64")]
    [InlineData("ws256")]
    [InlineData("flat256")]
    public void Every_reference_architecture_can_be_searched(string arch)
    {
        LayerComparison layer = Compare(new JsonArray(Layer(arch)), evaluations: 1000).Layers[0];

        Assert.All(layer.Dataflow.Levels, l => Assert.Equal(l.Level == "WReg" ? 1 : 3, l.Keeps.Count));
    }

    [Fact]
    public void A_file_may_bring_architectures_of_its_own_and_let_tensors_pass_by()
    {
        JsonObject layer = Layer("own");
        layer["constraints"] = "bypass";
        JsonObject document = new()
        {
            ["archs"] = JsonNode.Parse("""
                {"own":{"mac_mesh":[4,4],"mac_energy":1.0,"levels":[
                  {"name":"W","entries":1,"energy":0.1,"mesh":[4,4]},
                  {"name":"B","entries":4096,"energy":5.0,"mesh":[1,1],"read_bw":8,"write_bw":8},
                  {"name":"D","entries":null,"energy":100.0,"mesh":[1,1]}]}}
                """),
            ["rows"] = new JsonArray(layer),
        };

        LayerComparison compared = Compare(document, evaluations: 1000).Layers[0];

        Assert.Equal("own", compared.Arch);
        Assert.DoesNotContain(Operand.Inputs, compared.Dataflow.Levels[2].Keeps);
    }

    [Theory]
    [InlineData("arch", "\"none\"", "[0].arch must be one of eyeriss168, edge64, ws256, flat256, not \"none\".")]
    [InlineData("constraints", "\"some\"", "[0].constraints must be keepall or bypass, not \"some\".")]
    [InlineData("best", "{\"cycles\":0,\"energy_pJ\":1}", "[0].best.cycles must be a whole number of at least 1, not 0.")]
    [InlineData("best", "{\"cycles\":1}", "[0].best.energy_pJ is missing.")]
    [InlineData("layer_shape", "{\"kind\":\"pool\"}", "[0].layer_shape.kind must be conv, fc, pw, pg or dw, not \"pool\".")]
    public void A_wrong_field_is_told_with_its_path(string field, string value, string sentence)
    {
        JsonObject layer = Layer();
        layer[field] = JsonNode.Parse(value);

        InvalidDataException fault = Assert.Throws<InvalidDataException>(() => Compare(new JsonArray(layer)));

        Assert.Equal($"'{_path}': {sentence}", fault.Message);
    }

    [Fact]
    public void A_file_without_layers_compares_nothing()
    {
        InvalidDataException fault = Assert.Throws<InvalidDataException>(() => Compare(new JsonArray()));

        Assert.EndsWith("The document must hold at least one layer.", fault.Message, StringComparison.Ordinal);
    }
}
