using InstantNet.Controller.Commands;
using InstantNet.Tests.Unit.Generation.Mapping.Exports;

namespace InstantNet.Tests.Unit.Controller.Commands;

public sealed class MapExportCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    private string Dataflow => Path.Combine(_folder, "dataflow.json");

    private string Exported => Path.Combine(_folder, "exported");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("timeloop", 3)]
    [InlineData("HLS", 4)]
    [InlineData("loops", 1)]
    [InlineData("json", 1)]
    public async Task Every_format_is_written_for_the_class_that_the_document_names(string format, int files)
    {
        await File.WriteAllBytesAsync(Dataflow, SomeDataflow.Small.ToJson());

        Assert.Equal(CommandLine.Done, await CommandLine.RunAsync(["map", "export", "--dataflow", Dataflow, "--format", format, "--out", Exported, "--json"]));
        Assert.Equal(files, Directory.GetFiles(Exported, "*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public async Task A_dataflow_that_is_not_legal_fails_and_leaves_nothing()
    {
        await File.WriteAllBytesAsync(Dataflow, (SomeDataflow.Small with { Stride = -1 }).ToJson());

        Assert.Equal(CommandLine.Failed, await CommandLine.RunAsync(["map", "export", "--dataflow", Dataflow, "--format", "loops", "--out", Exported]));
        Assert.False(Directory.Exists(Exported));
    }

    [Theory]
    [InlineData("pdf")]
    [InlineData("1")]
    [InlineData("")]
    public async Task A_format_that_is_none_is_misuse(string format) => Assert.Equal(
        CommandLine.Misused, await CommandLine.RunAsync(["map", "export", "--dataflow", Dataflow, "--format", format, "--out", Exported]));
}
