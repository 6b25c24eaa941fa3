using System.Text.Json.Serialization;

namespace InstantNet.Contracts.Releases;

/// <summary>The JSON of manifests: camel case, unknown members skipped.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ReleaseManifest))]
public sealed partial class ReleaseJson : JsonSerializerContext;
