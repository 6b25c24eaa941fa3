using System.Text;
using System.Text.Json.Nodes;

namespace InstantNet.Contracts.Messages;

/// <summary>What a twin of Azure IoT Hub holds, in its desired and in its reported properties.</summary>
/// <remarks>Source: Microsoft, "Understand and use device twins in IoT Hub", device twin size and format.</remarks>
public static class TwinLimits
{
    /// <summary>Largest document of each of both, bytes of JSON without white space.</summary>
    public const int MaxBytes = 32 * 1024;

    /// <summary>Longest text in it, bytes of UTF-8.</summary>
    public const int MaxTextBytes = 4 * 1024;

    /// <summary>The first text that is too long: where it stands, like <c>instantnet.job.blobUrl</c>, and its bytes; null when there is none.</summary>
    public static (string Path, int Bytes)? FirstLongText(JsonObject document)
    {
        ArgumentNullException.ThrowIfNull(document);
        const string Root = "$.";
        foreach (JsonValue value in Values(document))
        {
            if (value.TryGetValue(out string? text) && Encoding.UTF8.GetByteCount(text) is > MaxTextBytes and int bytes)
                return (value.GetPath()[Root.Length..], bytes);
        }

        return null;
    }

    private static IEnumerable<JsonValue> Values(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(m => Values(m.Value)),
        JsonArray items => items.SelectMany(Values),
        JsonValue value => [value],
        _ => [],
    };
}
