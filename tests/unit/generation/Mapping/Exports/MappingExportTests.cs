using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Devices;
using InstantNet.Generation.Mapping.Exports;

namespace InstantNet.Tests.Unit.Generation.Mapping.Exports;

public sealed class MappingExportTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    private static DataflowDocument Broken => SomeDataflow.Small with { Layer = "broken", Stride = 0 };

    public void Dispose()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(ExportFormat.Timeloop, "b0_expand.arch.yaml", "b0_expand.problem.yaml", "b0_expand.mapping.yaml")]
    [InlineData(ExportFormat.Loops, "b0_expand.txt")]
    [InlineData(ExportFormat.Json, "b0_expand.json")]
    public void Each_format_writes_its_files_under_the_sanitised_name(ExportFormat format, params string[] files)
    {
        ExportReport report = MappingExport.Write([SomeDataflow.Small with { Layer = "b0.expand" }], null, null, format, _folder);

        Assert.Equal(files, Assert.Single(report.Layers).Files);
        Assert.Equal(files.Order(), Directory.GetFiles(_folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void An_exported_document_reads_back_as_it_was()
    {
        MappingExport.Write([SomeDataflow.Small], null, null, ExportFormat.Json, _folder);

        Assert.Equal(SomeDataflow.Small.ToJson(), Assert.Single(DataflowFile.Read(Path.Combine(_folder, "conv.json"))).ToJson());
    }

    [Fact]
    public void Nothing_is_written_when_one_of_the_layers_is_wrong()
    {
        Assert.Throws<InvalidDataException>(() => MappingExport.Write([SomeDataflow.Small, Broken], null, null, ExportFormat.Loops, _folder));

        Assert.False(Directory.Exists(_folder));
    }

    [Fact]
    public void Only_the_named_layer_is_checked_and_written()
    {
        ExportReport report = MappingExport.Write([SomeDataflow.Small, Broken], "conv", null, ExportFormat.Loops, _folder);

        Assert.Equal("conv", Assert.Single(report.Layers).Layer);
    }

    [Fact]
    public void A_layer_that_is_not_there_is_answered_with_those_that_are()
    {
        ArgumentException fault = Assert.Throws<ArgumentException>(() => MappingExport.Write([SomeDataflow.Small, Broken], "fc", null, ExportFormat.Loops, _folder));

        Assert.Equal("There is no layer 'fc' in the file; there are conv, broken.", fault.Message);
    }

    [Fact]
    public void A_class_without_a_dataflow_or_that_is_not_built_in_is_named()
    {
        DataflowDocument elsewhere = SomeDataflow.Small with { DeviceClass = "elsewhere" };
        Assert.Contains("class 'elsewhere', which is not built in", Fault(elsewhere, null).Message, StringComparison.Ordinal);
        Assert.Contains("'cpu-measured' has no dataflow", Fault(SomeDataflow.Small, DeviceClasses.Load("cpu-measured")).Message, StringComparison.Ordinal);

        ArgumentException Fault(DataflowDocument document, DeviceClass? device) =>
            Assert.Throws<ArgumentException>(() => MappingExport.Write([document], null, device, ExportFormat.Loops, _folder));
    }

    [Fact]
    public void A_folder_that_is_a_file_is_left_as_it_is()
    {
        File.WriteAllText(_folder, "mine");
        try
        {
            Assert.Throws<IOException>(() => MappingExport.Write([SomeDataflow.Small], null, null, ExportFormat.Json, _folder));
            Assert.Equal("mine", File.ReadAllText(_folder));
        }
        finally
        {
            File.Delete(_folder);
        }
    }

    [Fact]
    public void Names_never_leave_the_folder_and_never_meet() => Assert.Equal(
        ["a_b", "A_b-2", "layer____etc", "layer_7", "layer_", new string('x', 80)],
        ExportNames.Of(["a.b", "A b", "../etc", "7", "", new string('x', 200)]));
}
