using System.Text.Json.Serialization;

namespace InstantNet.Generation.Runs;

/// <summary>The JSON of run folders.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RunReport))]
[JsonSerializable(typeof(MappingReport))]
public sealed partial class RunJson : JsonSerializerContext;
