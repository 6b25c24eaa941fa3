using System.Text.Json.Serialization;
using InstantNet.Contracts.Releases;

namespace InstantNet.Agent.Replay;

/// <summary>JSON of replays: camel case.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(List<VariantEntry>))]
[JsonSerializable(typeof(List<PolicyComparison>))]
[JsonSerializable(typeof(HeldOutReport))]
internal sealed partial class ReplayJson : JsonSerializerContext;
