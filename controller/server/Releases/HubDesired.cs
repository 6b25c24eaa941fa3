using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using InstantNet.Contracts.Messages;

namespace InstantNet.Controller.Releases;

/// <summary>Desired properties of a twin of Azure IoT Hub, for <c>az iot hub device-twin update --desired</c>.</summary>
/// <param name="InstantNet">What devices of this product read.</param>
internal sealed record HubDesired([property: JsonPropertyName("instantnet")] HubDesiredSection InstantNet)
{
    /// <summary>Longest text in a twin, bytes of UTF-8.</summary>
    public const int MaxTextBytes = 4 * 1024;

    /// <summary>Largest desired section, bytes of JSON without white space.</summary>
    public const int MaxBytes = 32 * 1024;

    /// <summary>The document, checked against the hub's limits.</summary>
    /// <exception cref="InvalidDataException">It is beyond one of them.</exception>
    /// <remarks>Source: Azure IoT Hub documentation, "Understand and use device twins in IoT Hub", device twin size and format.</remarks>
    public byte[] ToJson()
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(this, HubDesiredJson.Default.HubDesired);
        if (json.Length > MaxBytes)
            throw new InvalidDataException($"The desired properties have {json.Length} bytes: Azure IoT Hub takes at most {MaxBytes}.");
        using JsonDocument document = JsonDocument.Parse(json);
        return LongText(document.RootElement, "") is { } path
            ? throw new InvalidDataException($"{path} has more than {MaxTextBytes} bytes, the longest text that a twin of Azure IoT Hub takes.")
            : json;
    }

    /// <summary>Path of the first text that is too long; null when there is none.</summary>
    private static string? LongText(JsonElement value, string path) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().Select(m => LongText(m.Value, path.Length == 0 ? m.Name : $"{path}.{m.Name}")).FirstOrDefault(p => p is not null),
        JsonValueKind.Array => value.EnumerateArray().Select((v, i) => LongText(v, $"{path}[{i}]")).FirstOrDefault(p => p is not null),
        JsonValueKind.String => Encoding.UTF8.GetByteCount(value.GetString()!) > MaxTextBytes ? path : null,
        _ => null,
    };
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
