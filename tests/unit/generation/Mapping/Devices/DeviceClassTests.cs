using System.Text;
using System.Text.Json.Nodes;
using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Devices;
using InstantNet.Generation.Mapping.Search;

namespace InstantNet.Tests.Unit.Generation.Mapping.Devices;

public class DeviceClassTests
{
    [Fact]
    public void Every_built_in_class_reads_and_bears_its_own_name()
    {
        Assert.Equal(["cpu-measured", "edge-16", "edge-64", "eyeriss-168", "shidiannao-256", "tpu-256", "zc706", "zedboard"], DeviceClasses.BuiltIn);
        Assert.All(DeviceClasses.BuiltIn, id => Assert.Equal(id, DeviceClasses.Load(id).Id));
    }

    [Fact]
    public void The_eyeriss_class_has_its_published_size()
    {
        DeviceClass eyeriss = DeviceClasses.Load("eyeriss-168");

        Assert.Equal(168, eyeriss.Accelerator!.Architecture.Macs.Count);
        Assert.Equal([256, 55296, null], eyeriss.Accelerator.Architecture.Levels.Select(l => l.CapacityWords));
        Assert.Equal(1.0, eyeriss.Accelerator.Milliseconds(250_000));
    }

    [Theory]
    [InlineData("edge-16", 16, 8)]
    [InlineData("shidiannao-256", 256, 250)]
    [InlineData("tpu-256", 256, 338)]
    [InlineData("zc706", 900, 1024)] // half of 2 MiB: the other half is being loaded
    [InlineData("zedboard", 220, 256)]
    public void The_classes_of_the_comparisons_have_their_sizes(string id, int units, long bufferKibibytes)
    {
        Architecture architecture = DeviceClasses.Load(id).Accelerator!.Architecture;

        Assert.Equal(units, architecture.Macs.Count);
        Assert.Equal(bufferKibibytes * 1024 / 2, architecture.Levels[^2].CapacityWords);
    }

    [Fact]
    public void Only_boards_have_an_FPGA_budget()
    {
        Assert.Equal(new FpgaBudget(900, 1090), DeviceClasses.Load("zc706").Accelerator!.Fpga);
        Assert.Equal(new FpgaBudget(220, 280), DeviceClasses.Load("zedboard").Accelerator!.Fpga);
        Assert.Null(SomeMapping.Eyeriss.Fpga);
    }

    [Fact]
    public void Every_layer_has_a_mapping_on_every_class_at_every_precision() => Assert.All(
        SomeMapping.EveryAccelerator,
        accelerator => Assert.All(SomeMapping.Layers, layer => Assert.All([2, 8, 32], bits =>
        {
            SearchSpace space = SomeMapping.Space(layer, accelerator.Architecture, bits: accelerator.WidthsFor(bits, bits, 32));
            Assert.All(SomeMapping.Random(space, 10, seed: bits), mapping => Assert.True(space.IsLegal(mapping.View)));
        })));

    [Fact]
    public void A_tile_takes_no_more_than_the_block_RAM_of_a_board() => Assert.All(
        SomeMapping.EveryAccelerator.Where(a => a.Fpga is not null),
        a => Assert.True(2 * a.Architecture.Levels[^2].CapacityWords * 16 <= 18 * 1024L * a.Fpga!.Bram18Kibits));

    [Fact]
    public void A_measured_class_has_no_accelerator()
    {
        DeviceClass measured = DeviceClasses.Load("cpu-measured");

        Assert.Equal(DeviceKind.Measured, measured.Kind);
        Assert.Null(measured.Accelerator);
        Assert.True(measured.IdleMilliwatts > 0);
    }

    [Fact]
    public void All_faults_of_a_file_are_told_at_once()
    {
        IReadOnlyList<string> faults = FaultsOf(c =>
        {
            c["id"] = "Eyeriss 168";
            c["clockMegahertz"] = -1;
            c["clockMhz"] = 250;
            c["mac"]!["rule"] = "magic";
            c["mac"]!["operandBits"] = new JsonArray(8, 4);
            c["levels"]![0]!.AsObject().Remove("picojoulesPer16Bits");
            c["levels"]![1]!["mayBypass"] = new JsonArray("weight");
        });

        Assert.Equal(
            [
                "clockMegahertz must be a number from 0.001 to 1000000000000000.",
                "clockMhz is not a field of a device class.",
                "id must be 1 to 64 of a-z, 0-9, '_' and '-'.",
                "levels[0].picojoulesPer16Bits must be a number from 1E-06 to 1000000000000000.",
                "levels[1].mayBypass[0] must be one of weights, inputs, outputs.",
                "mac.operandBits must rise and end with 16.",
                "mac.rule must be one of fixed, bitfusion, bitserial, packed.",
            ],
            faults.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Faults_of_an_FPGA_and_of_its_levels_are_told_at_once()
    {
        IReadOnlyList<string> faults = FaultsOf("zedboard", c =>
        {
            c["fpga"]!["dsps"] = 219;
            c["fpga"]!.AsObject().Remove("bram18Kibits");
            c["fpga"]!["luts"] = 53200;
            c["mac"]!["picojoulesPer16BitMac"] = 0;
            c["levels"]![0]!["capacityBytes"] = 11; // two operands and a sum of 32 bits
            c["levels"]![1]!["name"] = "Registers";
            c["levels"]![1]!["networkPicojoulesPer16Bits"] = 0; // may be unknown
            c["levels"]![2]!["picojoulesPer16Bits"] = -1;
        });

        Assert.Equal(
            [
                "fpga.bram18Kibits must be a whole number from 1 to 1000000.",
                "fpga.dsps must be a whole number from 220 to 1000000.",
                "fpga.luts is not a field of a device class.",
                "levels[0].capacityBytes must be a number from 12 to 1000000000000000.",
                "levels[1].name is 'Registers', as a level inside it is called.",
                "levels[2].picojoulesPer16Bits must be a number from 1E-06 to 1000000000000000.",
                "mac.picojoulesPer16BitMac must be a number from 1E-06 to 1000000000000000.",
            ],
            faults.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Only_what_a_level_keeps_must_fit()
    {
        Assert.Equal(2, DeviceClasses.Load("tpu-256").Accelerator!.Architecture.Levels[0].CapacityWords);
        Assert.Equal(
            ["levels[0].capacityBytes must be a number from 4 to 1000000000000000."],
            FaultsOf("tpu-256", c => c["levels"]![0]!["capacityBytes"] = 2));
    }

    [Fact]
    public void Levels_that_form_no_hierarchy_are_refused()
    {
        string fault = Assert.Single(FaultsOf(c => c["levels"]![2]!["capacityBytes"] = 1000));

        Assert.Contains("DRAM", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("{\"kind\": \"dataflow\", \"mac\": 3, \"levels\": [1]}")]
    public void What_is_no_class_at_all_is_refused(string text)
    {
        using MemoryStream stream = new(Encoding.UTF8.GetBytes(text));

        Assert.Null(DeviceClassReader.Read(stream, out IReadOnlyList<string> faults));
        Assert.NotEmpty(faults);
    }

    [Fact]
    public void An_unknown_id_is_answered_with_the_known_ones()
    {
        ArgumentException fault = Assert.Throws<ArgumentException>(() => DeviceClasses.Load("tpu"));

        Assert.Contains("cpu-measured, edge-16, edge-64, eyeriss-168", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_can_come_from_a_file()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():n}.json");
        try
        {
            File.WriteAllText(path, Document().ToJsonString());
            Assert.Equal("eyeriss-168", DeviceClasses.Load(path).Id);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static IReadOnlyList<string> FaultsOf(Action<JsonNode> change) => FaultsOf("eyeriss-168", change);

    private static IReadOnlyList<string> FaultsOf(string id, Action<JsonNode> change)
    {
        JsonNode document = Document(id);
        change(document);
        using MemoryStream stream = new(Encoding.UTF8.GetBytes(document.ToJsonString()));
        Assert.Null(DeviceClassReader.Read(stream, out IReadOnlyList<string> faults));
        return faults;
    }

    private static JsonNode Document(string id = "eyeriss-168")
    {
        using Stream stream = typeof(DeviceClasses).Assembly.GetManifestResourceStream($"InstantNet.Generation.Mapping.Classes.{id}.json")!;
        return JsonNode.Parse(stream)!;
    }
}
