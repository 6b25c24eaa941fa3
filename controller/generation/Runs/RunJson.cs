using System.Text.Json.Serialization;

namespace InstantNet.Generation.Runs;

/// <summary>The JSON of run folders.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    UseStringEnumConverter = true, Converters = [typeof(QuantizerConverter), typeof(ScheduleConverter), typeof(AugmentationConverter)])]
[JsonSerializable(typeof(RunReport))]
[JsonSerializable(typeof(IReadOnlyList<RunReport>))]
[JsonSerializable(typeof(MappingReport))]
[JsonSerializable(typeof(IReadOnlyList<MappingReport>))]
[JsonSerializable(typeof(RunConfiguration))]
public sealed partial class RunJson : JsonSerializerContext;

/// <summary>The JSON of metrics.jsonl: an object a line.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(MetricsLine))]
internal sealed partial class MetricsJson : JsonSerializerContext;
