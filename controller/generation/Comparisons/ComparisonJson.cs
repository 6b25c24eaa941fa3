using System.Text.Json.Serialization;

namespace InstantNet.Generation.Comparisons;

/// <summary>The JSON of comparisons.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UseStringEnumConverter = true,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ScheduleComparisonReport))]
public sealed partial class ComparisonJson : JsonSerializerContext;
