using System.Text.Json;
using System.Text.Json.Serialization;
using InstantNet.Contracts.Messages;
using InstantNet.Controller.Fleet;
using InstantNet.Controller.Releases;
using InstantNet.Controller.Rollouts;
using InstantNet.Controller.Telemetry;
using InstantNet.Controller.Twins;
using Microsoft.AspNetCore.Mvc;

namespace InstantNet.Controller.Api;

/// <summary>The JSON of the REST interface: camel case, enums as strings, nulls written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = false, UseStringEnumConverter = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(DeviceView[]))]
[JsonSerializable(typeof(TelemetryView))]
[JsonSerializable(typeof(TelemetryEvent))]
[JsonSerializable(typeof(HelloEvent))]
[JsonSerializable(typeof(EnrolmentRequest))]
[JsonSerializable(typeof(EnrolledDevice[]))]
[JsonSerializable(typeof(AgentConfiguration))]
[JsonSerializable(typeof(PrecisionPolicy))]
[JsonSerializable(typeof(PolicyForMany))]
[JsonSerializable(typeof(PolicyAccepted))]
[JsonSerializable(typeof(ReleaseView[]))]
[JsonSerializable(typeof(ReleaseUpload))]
[JsonSerializable(typeof(ReleaseAccepted))]
[JsonSerializable(typeof(RolloutRequest))]
[JsonSerializable(typeof(RolloutView[]))]
[JsonSerializable(typeof(HealthView))]
[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>The same for files that people edit.</summary>
    public static ApiJson Indented { get; } = new(new JsonSerializerOptions
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    });
}
