using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using InstantNet.Contracts.Messages;

namespace InstantNet.Controller.Releases;

/// <summary>Desired properties of a twin of Azure IoT Hub, for <c>az iot hub device-twin update --desired</c>.</summary>
/// <param name="InstantNet">What devices of this product read.</param>
internal sealed record HubDesired([property: JsonPropertyName("instantnet")] HubDesiredSection InstantNet)
{
    /// <summary>The document, checked against the hub's limits.</summary>
    /// <exception cref="InvalidDataException">It is beyond one of them.</exception>
    public byte[] ToJson()
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(this, HubDesiredJson.Default.HubDesired);
        if (json.Length > TwinLimits.MaxBytes)
            throw new InvalidDataException($"The desired properties have {json.Length} bytes: Azure IoT Hub takes at most {TwinLimits.MaxBytes}.");
        return TwinLimits.FirstLongText((JsonObject)JsonNode.Parse(json)!) is (var path, _)
            ? throw new InvalidDataException($"{path} has more than {TwinLimits.MaxTextBytes} bytes, the longest text that a twin of Azure IoT Hub takes.")
            : json;
    }
}

/// <summary>What devices of this product read of a twin.</summary>
/// <param name="Twin">As over a broker of one's own.</param>
/// <param name="Job">The release to install; null for none.</param>
internal sealed record HubDesiredSection(DesiredTwin Twin, TwinJob? Job);

/// <summary>The JSON of desired properties: as on the wire; a null would delete a property, so there is none.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(HubDesired))]
internal sealed partial class HubDesiredJson : JsonSerializerContext;
