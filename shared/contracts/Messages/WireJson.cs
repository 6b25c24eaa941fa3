using System.Text.Json;
using System.Text.Json.Serialization;

namespace InstantNet.Contracts.Messages;

/// <summary>The JSON of every message: camel case, enums as strings, nulls left out, unknown members skipped.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = false)]
[JsonSerializable(typeof(DeviceState))]
[JsonSerializable(typeof(DesiredTwin))]
[JsonSerializable(typeof(ReportedTwin))]
[JsonSerializable(typeof(PrecisionPolicy))]
[JsonSerializable(typeof(JobOffer))]
[JsonSerializable(typeof(TwinJob))]
[JsonSerializable(typeof(JobStatus))]
[JsonSerializable(typeof(TelemetryBatch))]
[JsonSerializable(typeof(Alarm))]
[JsonSerializable(typeof(ControllerState))]
public sealed partial class WireJson : JsonSerializerContext;
