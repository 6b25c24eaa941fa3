using System.Text.Json.Serialization;

namespace InstantNet.Agent.Replay;

/// <summary>JSON of replays: camel case.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(List<VariantEntry>))]
[JsonSerializable(typeof(List<PolicyComparison>))]
[JsonSerializable(typeof(HeldOutReport))]
[JsonSerializable(typeof(RunDocument))]
[JsonSerializable(typeof(MappingDocument))]
[JsonSerializable(typeof(ReleaseDocument[]))]
[JsonSerializable(typeof(DeviceDocument))]
internal sealed partial class ReplayJson : JsonSerializerContext;
