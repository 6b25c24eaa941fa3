using System.Text;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Mapping.Devices;

namespace InstantNet.Generation.Mapping.Exports;

/// <summary>Writes the dataflows of a file in one of the export formats. Stateless.</summary>
public static class MappingExport
{
    /// <summary>Checks and writes layers; nothing is written unless all of them can be.</summary>
    /// <param name="documents">One per layer, as read.</param>
    /// <param name="layer">The only layer to write; null for all of them.</param>
    /// <param name="device">Class to check against; null for the built-in one that each document names.</param>
    /// <param name="format">What to write.</param>
    /// <param name="folder">Made if it is not there; files of the same names are replaced, each whole or not at all.</param>
    /// <exception cref="InvalidDataException">A dataflow is not legal on the class or has no such export; one sentence says why.</exception>
    /// <exception cref="ArgumentException">There is no such layer or class, or the class has no dataflow.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static ExportReport Write(IReadOnlyList<DataflowDocument> documents, string? layer, DeviceClass? device, ExportFormat format, string folder)
    {
        ArgumentNullException.ThrowIfNull(documents);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        if (File.Exists(folder))
            throw new IOException($"{folder} is a file; a folder is accepted.");
        string[] layers = [.. documents.Select(d => d.Layer)];
        if (layer is not null && !layers.Contains(layer))
            throw new ArgumentException($"There is no layer '{layer}' in the file; there are {string.Join(", ", layers)}.");

        List<LayerExport> exports = [];
        foreach ((DataflowDocument document, string name) in documents.Zip(ExportNames.Of(layers)).Where(d => layer is null || d.First.Layer == layer))
            exports.Add(Export(CheckedDataflow.From(document, ArchitectureOf(document, device)), name, format));

        foreach (ExportedFile file in exports.SelectMany(e => e.Files))
        {
            string path = Path.Combine(folder, file.Name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(file.Text)));
        }

        return new ExportReport(Path.GetFullPath(folder), [.. exports.Select(e => new ExportedLayer(e.Layer, [.. e.Files.Select(f => f.Name)], e.Command))]);
    }

    private static Architecture ArchitectureOf(DataflowDocument document, DeviceClass? device)
    {
        if (device is null && !DeviceClasses.BuiltIn.Contains(document.DeviceClass))
        {
            throw new ArgumentException(
                $"Layer '{document.Layer}' is mapped for class '{document.DeviceClass}', which is not built in ({string.Join(", ", DeviceClasses.BuiltIn)}); "
                + "name the file that describes it as the class.");
        }

        DeviceClass chosen = device ?? DeviceClasses.Load(document.DeviceClass);
        return chosen.Accelerator?.Architecture
            ?? throw new ArgumentException($"Device class '{chosen.Id}' has no dataflow: its latency and energy are measured on the device.");
    }

    private static LayerExport Export(CheckedDataflow flow, string name, ExportFormat format) => format switch
    {
        ExportFormat.Timeloop => TimeloopExport.Of(flow, name),
        ExportFormat.Hls => HlsExport.Of(flow, name),
        ExportFormat.Loops => new LayerExport(flow.Document.Layer, [new ExportedFile($"{name}.txt", LoopNestText.Of(new Dataflow(flow.Document.Levels)))], null),
        ExportFormat.Json => new LayerExport(flow.Document.Layer, [new ExportedFile($"{name}.json", $"{Encoding.UTF8.GetString(flow.Document.ToJson())}\n")], null),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "No such format."),
    };
}
