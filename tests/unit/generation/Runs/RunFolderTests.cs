using System.Text.Json;
using System.Text.Json.Nodes;
using InstantNet.Contracts;
using InstantNet.Generation.Runs;

namespace InstantNet.Tests.Unit.Generation.Runs;

public sealed class RunFolderTests : IDisposable
{
    private readonly SomeRun _run = new();

    private RunFolder Folder => _run.Folder;

    public void Dispose() => _run.Dispose();

    [Fact]
    public void Gives_back_what_was_written()
    {
        _run.Finish();
        RunFolder again = new(Folder.Path);

        Assert.True(again.IsComplete);
        Assert.Equal(Json(SomeRun.Report), Json(again.ReadReport()));
        Assert.Equal(
            JsonSerializer.Serialize(SomeRun.Mapping, RunJson.Default.MappingReport),
            JsonSerializer.Serialize(Assert.Single(again.ReadMappings()), RunJson.Default.MappingReport));
        Assert.Equal([1, 2, 4], File.ReadAllBytes(again.Locate(RunFolder.ModelName(new Precision(4)))));
    }

    [Fact]
    public void A_report_from_before_data_sets_said_how_they_were_split_still_reads()
    {
        JsonNode report = JsonSerializer.SerializeToNode(SomeRun.Report, RunJson.Default.RunReport)!;
        Assert.True(report["dataset"]!.AsObject().Remove("split"));
        Assert.True(report["dataset"]!.AsObject().Remove("augmentation"));

        DatasetReport read = report.Deserialize(RunJson.Default.RunReport)!.Dataset;

        Assert.Equal((SomeRun.Report.Dataset.Name, null, null), (read.Name, read.Split, read.Augmentation));
    }

    [Fact]
    public void Is_complete_only_with_its_report_and_leaves_nothing_beside()
    {
        Assert.False(Directory.Exists(Folder.Path));
        Folder.Write("model.onnx", new byte[] { 1 });
        Assert.False(Folder.IsComplete);

        Folder.Write(SomeRun.Report);

        Assert.True(Folder.IsComplete);
        Assert.Equal(["model.onnx", "run.json"], Directory.EnumerateFiles(Folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Mappings_come_in_the_order_of_their_classes_and_a_second_one_replaces_the_first()
    {
        foreach (string id in new[] { "edge-64", "a-class", "edge-64" })
            Folder.Write(SomeRun.Mapping with { DeviceClass = WireId.Parse(id), IdleMw = id.Length });

        Assert.Equal(["a-class", "edge-64"], Folder.ReadMappings().Select(m => m.DeviceClass.Value));
    }

    [Fact]
    public void A_folder_without_a_run_says_how_to_make_one()
    {
        string sentence = Assert.Throws<InvalidDataException>(Folder.ReadReport).Message;

        Assert.Contains(Folder.Path, sentence, StringComparison.Ordinal);
        Assert.Contains("generate", sentence, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Folder.Path));
    }

    [Fact]
    public void A_report_cut_short_anywhere_is_named_in_one_sentence()
    {
        _run.Finish();
        string file = Folder.Locate("run.json");
        byte[] whole = File.ReadAllBytes(file);
        for (int length = 0; length < whole.Length; length += 97)
        {
            File.WriteAllBytes(file, whole[..length]);
            SaysDamaged(file, Assert.Throws<InvalidDataException>(Folder.ReadReport));
        }
    }

    [Theory]
    [InlineData("\"seed\": 7", "\"seed\": \"seven\"")]
    [InlineData("\"seed\": 7,", "")]
    [InlineData("\"network\": \"tiny\"", "\"network\": null")]
    [InlineData("\"bits\": 4", "\"bits\": 77")]
    public void A_value_that_cannot_be_is_named_in_one_sentence(string was, string becomes)
    {
        _run.Finish();
        string file = Folder.Locate("run.json");
        string text = File.ReadAllText(file);
        Assert.Contains(was, text, StringComparison.Ordinal);
        File.WriteAllText(file, text.Replace(was, becomes, StringComparison.Ordinal));

        SaysDamaged(file, Assert.Throws<InvalidDataException>(Folder.ReadReport));
    }

    [Fact]
    public void A_damaged_mapping_is_named_in_one_sentence()
    {
        _run.Finish();
        string file = Folder.Locate("mapping-eyeriss-168.json");
        File.WriteAllText(file, "null");

        SaysDamaged(file, Assert.Throws<InvalidDataException>(Folder.ReadMappings));
    }

    private static void SaysDamaged(string file, InvalidDataException fault)
    {
        Assert.StartsWith($"'{file}' is damaged: ", fault.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
        Assert.DoesNotContain(". ", fault.Message, StringComparison.Ordinal);
    }

    private static string Json(RunReport report) => JsonSerializer.Serialize(report, RunJson.Default.RunReport);
}
