using System.Text.Json;
using System.Text.Json.Serialization;
using InstantNet.Contracts;
using InstantNet.Generation.Mapping.Devices;
using InstantNet.Generation.Mapping.Exports;
using InstantNet.Generation.Mapping.Network;
using InstantNet.Generation.Mapping.Search;
using InstantNet.Generation.Mapping.Timeloop;

namespace InstantNet.Generation.Mapping;

/// <summary>One layer's dataflow as a file: for (layer, device class, bits).</summary>
/// <param name="V">Version of the format, 1.</param>
/// <param name="Network">Name of the network.</param>
/// <param name="Layer">Name of the layer.</param>
/// <param name="DeviceClass">Id of the class.</param>
/// <param name="Precision">Bits at which the network runs.</param>
/// <param name="Bits">Bits of the layer's own words.</param>
/// <param name="Loops">Trip counts of one group.</param>
/// <param name="Stride">Of the filter.</param>
/// <param name="IsDepthwise">Whether each channel has its own filter.</param>
/// <param name="Groups">How often the nest runs.</param>
/// <param name="Flow">free on one engine, pipeline when each layer has an engine of its own, which is a part of the class's.</param>
/// <param name="Levels">Blocks of the nest, outermost first.</param>
/// <param name="EnergyPicojoules">Predicted, all groups.</param>
/// <param name="Cycles">Predicted, all groups.</param>
/// <param name="Padded">Trip counts that the nest's loops multiply to when they are padded; absent when they are <paramref name="Loops"/>.</param>
public sealed record DataflowDocument(
    int V,
    string Network,
    string Layer,
    string DeviceClass,
    Precision Precision,
    OperandBits Bits,
    LoopBounds Loops,
    int Stride,
    bool IsDepthwise,
    int Groups,
    string Flow,
    IReadOnlyList<DataflowLevel> Levels,
    double EnergyPicojoules,
    long Cycles,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] LoopBounds? Padded = null)
{
    /// <summary>Version that this code writes and reads.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The layer's loops as they run, padding included.</summary>
    [JsonIgnore]
    public LoopBounds LoopsAsRun => Padded ?? Loops;

    /// <summary>The documents of the dataflows chosen at one precision, in running order.</summary>
    public static IEnumerable<DataflowDocument> From(NetworkMapping mapping, PrecisionMapping precision)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        ArgumentNullException.ThrowIfNull(precision);
        string flow = precision.Engines == 1 ? FlowConstraints.None.Name : "pipeline";
        return precision.Layers.Select(l => new DataflowDocument(
            CurrentVersion, mapping.Network, l.Layer, mapping.DeviceClass, precision.Precision, l.Bits, l.Workload.Bounds, l.Workload.Stride,
            l.Workload.IsDepthwise, l.Workload.Groups, flow, l.Searched.Dataflow.Levels, l.Searched.Cost.EnergyPicojoules, l.Searched.Cost.Cycles,
            l.Searched.Padded));
    }

    /// <summary>Indented JSON in UTF-8.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, MappingJsonContext.Default.DataflowDocument);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="InvalidDataException">Not such a document, or of another version.</exception>
    public static DataflowDocument Parse(ReadOnlySpan<byte> utf8Json)
    {
        DataflowDocument? document;
        try
        {
            document = JsonSerializer.Deserialize(utf8Json, MappingJsonContext.Default.DataflowDocument);
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"The dataflow is wrong at {fault.Path ?? "its beginning"}: {fault.Message}", fault);
        }

        if (document is null || document.V != CurrentVersion)
            throw new InvalidDataException($"The dataflow has version {document?.V.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}; this program reads version {CurrentVersion}.");
        return document;
    }
}

/// <summary>JSON of everything that a mapping writes: camel case, enums by name, indented.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, WriteIndented = true,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(DataflowDocument))]
[JsonSerializable(typeof(NetworkMapping))]
[JsonSerializable(typeof(RowsReport))]
[JsonSerializable(typeof(ComparisonReport))]
[JsonSerializable(typeof(IReadOnlyList<CostedDataflow>))]
[JsonSerializable(typeof(IReadOnlyList<NetworkMapping>))]
public sealed partial class MappingJsonContext : JsonSerializerContext;
