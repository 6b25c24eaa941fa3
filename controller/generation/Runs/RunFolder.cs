using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using InstantNet.Contracts;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Training.Checkpoints;

namespace InstantNet.Generation.Runs;

/// <summary>A folder with all that one generation run made. Files appear whole or not at all; run.json comes last, so a folder with it is complete.</summary>
public sealed class RunFolder
{
    private const string Report = "run.json";
    private const string Configuration = "config.json";
    private const string MappingPrefix = "mapping-";

    /// <param name="path">The folder; made with the first file.</param>
    public RunFolder(string path) => Path = System.IO.Path.GetFullPath(path);

    /// <summary>Absolute path.</summary>
    public string Path { get; }

    /// <summary>True when the run ended well.</summary>
    public bool IsComplete => File.Exists(Locate(Report));

    /// <summary>The training's state, while it is not complete.</summary>
    public CheckpointFolder Checkpoints => new(Path);

    /// <summary>How training went, a JSON object a line.</summary>
    public string Metrics => Locate("metrics.jsonl");

    /// <summary>The run for people, as one page.</summary>
    public string ReportPage => Locate("report.html");

    /// <summary>Schedules that the page sets beside the run, as <c>eval schedules --json</c> wrote them; need not be there.</summary>
    public string Baselines => Locate("baselines.json");

    /// <summary>Test images, for agents to replay.</summary>
    public string TestImages => Locate("test.images");

    /// <summary>Golden frames, raw bytes one after the other.</summary>
    public string GoldenFrames => Locate("golden.frames");

    /// <summary>The file that was imported, as it was; only in runs of imported networks.</summary>
    public string SourceModel => Locate("source.onnx");

    /// <summary>What the network is made of, where a file said so and not <see cref="Networks.NetCatalog"/>; only in such runs.</summary>
    public string NetworkDocument => Locate("network.json");

    /// <summary>Name of a precision's model file.</summary>
    public static string ModelName(Precision precision) => string.Create(CultureInfo.InvariantCulture, $"model-{precision.Bits}bit.onnx");

    /// <summary>Name of the file with the dataflows of one class at one precision.</summary>
    public static string DataflowName(WireId deviceClass, Precision precision) =>
        string.Create(CultureInfo.InvariantCulture, $"dataflow-{deviceClass}-{precision.Bits}bit.json");

    /// <summary>Absolute path of a file in the folder.</summary>
    public string Locate(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file whole or not at all.</summary>
    public void Write(string name, ReadOnlyMemory<byte> content)
    {
        Directory.CreateDirectory(Path);
        AtomicFile.Write(Locate(name), s => s.Write(content.Span));
    }

    /// <summary>Ends the run.</summary>
    public void Write(RunReport report) => Write(Report, JsonSerializer.SerializeToUtf8Bytes(report, RunJson.Default.RunReport));

    /// <summary>Says what the run was asked for.</summary>
    public void Write(RunConfiguration configuration) =>
        Write(Configuration, JsonSerializer.SerializeToUtf8Bytes(configuration, RunJson.Default.RunConfiguration));

    /// <summary>What the run was asked for; null in folders of imported networks, and in older ones.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public RunConfiguration? ReadConfiguration() => File.Exists(Locate(Configuration)) ? Read(Configuration, RunJson.Default.RunConfiguration) : null;

    /// <summary>Adds what the mapper found for a class.</summary>
    public void Write(MappingReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        Write($"{MappingPrefix}{report.DeviceClass}.json", JsonSerializer.SerializeToUtf8Bytes(report, RunJson.Default.MappingReport));
    }

    /// <summary>What the run made.</summary>
    /// <exception cref="InvalidDataException">No finished run is here, or its report is damaged.</exception>
    public RunReport ReadReport() => File.Exists(Locate(Report))
        ? Read(Report, RunJson.Default.RunReport)
        : throw new InvalidDataException($"'{Path}' holds no finished run: {Report} is missing; './instantnet generate --out {Path}' makes one.");

    /// <summary>What the mapper found, class by class.</summary>
    public IReadOnlyList<MappingReport> ReadMappings() =>
        Directory.EnumerateFiles(Path, $"{MappingPrefix}*.json").Order(StringComparer.Ordinal)
            .Select(f => Read(System.IO.Path.GetFileName(f), RunJson.Default.MappingReport)).ToList();

    private T Read<T>(string name, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(Locate(name)), type) ?? throw new JsonException();
        }
        catch (JsonException e)
        {
            throw new InvalidDataException(
                $"'{Locate(name)}' is damaged: at {e.Path ?? "$"} in line {(e.LineNumber ?? 0) + 1} it is cut off or not what is expected there.", e);
        }
    }
}
