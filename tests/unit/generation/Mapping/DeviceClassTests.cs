using System.Text;
using System.Text.Json.Nodes;
using InstantNet.Generation.Mapping;

namespace InstantNet.Tests.Unit.Generation.Mapping;

public class DeviceClassTests
{
    [Fact]
    public void Every_built_in_class_reads_and_bears_its_own_name()
    {
        Assert.Equal(["cpu-measured", "edge-64", "eyeriss-168"], DeviceClasses.BuiltIn);
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
                "levels[0].picojoulesPer16Bits must be a number from 0 to 1000000000000000.",
                "levels[1].mayBypass[0] must be one of weights, inputs, outputs.",
                "mac.operandBits must rise and end with 16.",
                "mac.rule must be one of fixed, bitfusion, bitserial.",
            ],
            faults.Order(StringComparer.Ordinal));
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

        Assert.Contains("cpu-measured, edge-64, eyeriss-168", fault.Message, StringComparison.Ordinal);
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

    private static IReadOnlyList<string> FaultsOf(Action<JsonNode> change)
    {
        JsonNode document = Document();
        change(document);
        using MemoryStream stream = new(Encoding.UTF8.GetBytes(document.ToJsonString()));
        Assert.Null(DeviceClassReader.Read(stream, out IReadOnlyList<string> faults));
        return faults;
    }

    private static JsonNode Document()
    {
        using Stream stream = typeof(DeviceClasses).Assembly.GetManifestResourceStream("InstantNet.Generation.Mapping.Classes.eyeriss-168.json")!;
        return JsonNode.Parse(stream)!;
    }
}
