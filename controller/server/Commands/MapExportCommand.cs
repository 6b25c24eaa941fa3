using System.CommandLine;
using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Devices;
using InstantNet.Generation.Mapping.Exports;

namespace InstantNet.Controller.Commands;

/// <summary><c>map export</c>: writes dataflows for other tools and for people.</summary>
internal static class MapExportCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        Option<FileInfo> dataflow = new("--dataflow")
        {
            Description = "A dataflow document, or an array of them as runs hold (dataflow-<class>-<bits>bit.json).",
            HelpName = "FILE",
            Required = true,
        };
        Option<string?> layer = new("--layer") { Description = "Only this layer; without it, all layers of the file.", HelpName = "NAME" };
        Option<string?> device = new("--class")
        {
            Description = "Device class or a .json file that describes one; without it, the class that the document names.",
            HelpName = "ID|FILE",
        };
        Option<ExportFormat> format = new("--format")
        {
            Description = "timeloop: YAML for NVIDIA Timeloop 3.0.3; hls: C++ with a test bench; loops: the loop nest; json: the documents.",
            HelpName = "FORMAT",
            Required = true,
            CustomParser = result => EnumNames.Parse<ExportFormat>("--format", result),
        };
        Option<DirectoryInfo> folder = new("--out") { Description = "Folder for the files; made if it is not there.", HelpName = "FOLDER", Required = true };
        JsonTarget json = JsonTarget.Create();
        Command command = new("export", "Write dataflows as Timeloop YAML, HLS C++, loop nests or documents.") { dataflow, layer, device, format, folder, json.Option };
        command.SetAction(parsed =>
        {
            IReadOnlyList<DataflowDocument> documents = DataflowFile.Read(parsed.GetRequiredValue(dataflow).ToString());
            string? chosen = parsed.GetValue(device);
            DeviceClass? chosenClass = chosen is null ? null : DeviceClasses.Load(chosen);
            ExportReport report = MappingExport.Write(
                documents, parsed.GetValue(layer), chosenClass, parsed.GetValue(format), parsed.GetRequiredValue(folder).ToString());
            if (json.Write(parsed, report, ExportJsonContext.Default.ExportReport))
                Print(report);
        });
        return command;
    }

    private static void Print(ExportReport report)
    {
        Console.WriteLine($"{report.Layers.Count} layers, {report.Layers.Sum(l => l.Files.Count)} files in {report.Folder}");
        foreach (ExportedLayer layer in report.Layers)
            Console.WriteLine($"{layer.Layer}: {string.Join(' ', layer.Files)}");
        if (!report.Layers.Any(l => l.Command is not null))
            return;
        Console.WriteLine("To run, in that folder:");
        foreach (ExportedLayer layer in report.Layers)
            Console.WriteLine($"  {layer.Command}");
    }
}
