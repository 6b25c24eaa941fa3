using System.Text.Json.Serialization;

namespace InstantNet.Agent.Activation;

/// <summary>The JSON of the files of an execution.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ExecutionRecord))]
[JsonSerializable(typeof(StoredOffer))]
[JsonSerializable(typeof(StoredManifest))]
internal sealed partial class ActivationJson : JsonSerializerContext;
