using System.Text;
using System.Text.Json.Nodes;
using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Network;

namespace InstantNet.Tests.Unit.Generation.Mapping.Network;

public class NetworkLoopsFileTests
{
    private static string Golden => Path.Combine(AppContext.BaseDirectory, "Golden", "network-loops-v1.json");

    [Fact]
    public void A_file_of_the_first_version_reads()
    {
        NetworkLoops network = NetworkLoopsFile.Read(Golden);

        Assert.Equal("my-net", network.Name);
        Assert.Equal(
            [
                new LayerLoops("conv1", new Workload(new LoopBounds(1, 64, 3, 112, 112, 7, 7), stride: 2), OperandFloors.Stem),
                new LayerLoops("conv2", new Workload(new LoopBounds(1, 128, 32, 28, 56, 3, 5), groups: 2), OperandFloors.None),
                new LayerLoops("conv3", new Workload(new LoopBounds(1, 1, 256, 28, 56, 3, 3), isDepthwise: true), OperandFloors.None),
                new LayerLoops("fc1", new Workload(new LoopBounds(1, 512, 256, 1, 1, 1, 1)), OperandFloors.None),
                new LayerLoops("fc2", new Workload(new LoopBounds(1, 10, 512, 1, 1, 1, 1)), OperandFloors.Classifier),
            ],
            network.Layers);
    }

    [Fact]
    public void All_faults_of_a_file_are_told_at_once()
    {
        IReadOnlyList<string> faults = FaultsOf(network =>
        {
            JsonArray layers = network["layers"]!.AsArray();
            network["v"] = 2;
            network["nets"] = 1;
            layers[0]!["kind"] = "pool";
            layers[0]!["stride"] = 0;
            layers[1]!.AsObject().Remove("R");
            layers[1]!["name"] = "conv1";
            layers[1]!["keepsEightBits"] = "yes";
            layers[2]!["groups"] = 4;
            layers[3]!["P"] = 7;
            layers[3]!["K"] = -1;
            layers[4]!["pad"] = 1;
            layers.Add(3);
        });

        Assert.Equal(
            [
                "layers[0].kind must be one of conv, dw, fc.",
                "layers[0].stride must be a whole number from 1 to 2147483647.",
                "layers[1].R must be a whole number from 1 to 2147483647.",
                "layers[1].keepsEightBits must be true or false.",
                "layers[1].name is 'conv1', as a layer before it is called.",
                "layers[2].groups must be 256.",
                "layers[3].K must be a whole number from 1 to 2147483647.",
                "layers[3].P must be 1.",
                "layers[4].pad is not a field of a network's layers.",
                "layers[5] must be an object.",
                "nets is not a field of a network's layers.",
                "v must be a number equal to 1.",
            ],
            faults.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("K", "multiply-accumulates")] // 2^31 - 1 filters of 512 channels at 2^18 images
    [InlineData("stride", "inputs")]
    public void A_layer_that_cannot_be_counted_exactly_is_refused(string field, string counted)
    {
        string fault = Assert.Single(FaultsOf(network =>
        {
            JsonNode layer = network["layers"]![0]!;
            layer["N"] = field == "K" ? 1 << 18 : 1;
            layer[field] = int.MaxValue;
        }));

        Assert.StartsWith("layers[0] is too large: ", fault, StringComparison.Ordinal);
        Assert.Contains($"2^53 {counted}", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_without_layers_is_refused() =>
        Assert.Equal(["layers must hold at least one object."], FaultsOf(network => network["layers"] = new JsonArray()));

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("{\"v\": 1, \"name\": \"n\", \"layers\": {}}")]
    public void What_is_no_network_at_all_is_refused(string text)
    {
        using MemoryStream stream = new(Encoding.UTF8.GetBytes(text));

        Assert.Null(NetworkLoopsFile.Read(stream, out IReadOnlyList<string> faults));
        Assert.NotEmpty(faults);
    }

    [Fact]
    public void The_sentences_of_a_bad_file_name_it()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():n}.json");
        try
        {
            File.WriteAllText(path, "{}");
            Assert.StartsWith($"{path} describes no network:\nv must", Assert.Throws<InvalidDataException>(() => NetworkLoopsFile.Read(path)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static IReadOnlyList<string> FaultsOf(Action<JsonNode> change)
    {
        JsonNode document = JsonNode.Parse(File.ReadAllText(Golden))!;
        change(document);
        using MemoryStream stream = new(Encoding.UTF8.GetBytes(document.ToJsonString()));
        Assert.Null(NetworkLoopsFile.Read(stream, out IReadOnlyList<string> faults));
        return faults;
    }
}
