using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace InstantNet.Tests.System.AzureIotHub;

/// <summary>One device in the stand-in's registry: how it proves itself, and its twin.</summary>
internal sealed class StandInDevice(string id)
{
    private readonly Lock _lock = new();
    private readonly JsonObject _desired = new() { ["$version"] = 1L };
    private readonly JsonObject _reported = new() { ["$version"] = 1L };

    public string Id => id;

    /// <summary>How topics of its messages to the cloud begin.</summary>
    public string EventPrefix => $"devices/{id}/messages/events/";

    /// <summary>Symmetric key; null when it proves itself by certificate.</summary>
    public byte[]? Key { get; init; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>SHA-256 of its certificate, hexadecimal.</summary>
    public string? Thumbprint { get; init; }

    /// <summary>Requests about the twin that are answered with these statuses before the others are done.</summary>
    public Queue<int> TwinTroubles { get; } = new();

    /// <summary>A copy of what it reported.</summary>
    public JsonObject Reported
    {
        get
        {
            lock (_lock)
                return (JsonObject)_reported.DeepClone();
        }
    }

    /// <summary>Checks a token.</summary>
    /// <remarks>Source: Microsoft, "Control access to IoT Hub by using shared access signatures".</remarks>
    public bool Accepts(string? token, string host, DateTimeOffset now)
    {
        const string Scheme = "SharedAccessSignature ";
        if (Key is null || token is null || !token.StartsWith(Scheme, StringComparison.Ordinal))
            return false;
        Dictionary<string, string> parts = token[Scheme.Length..].Split('&').Select(p => p.Split('=', 2)).Where(p => p.Length == 2).ToDictionary(p => p[0], p => p[1]);
        if (!parts.TryGetValue("sr", out string? resource) || !parts.TryGetValue("sig", out string? signature) || !parts.TryGetValue("se", out string? end)
            || WebUtility.UrlDecode(resource) != $"{host}/devices/{id}" || !long.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out long expiry))
            return false;
        string expected = Convert.ToBase64String(HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes($"{resource}\n{end}")));
        return WebUtility.UrlDecode(signature) == expected && DateTimeOffset.FromUnixTimeSeconds(expiry) > now;
    }

    /// <summary>The twin as a device reads it.</summary>
    public string Twin()
    {
        lock (_lock)
            return new JsonObject { ["desired"] = _desired.DeepClone(), ["reported"] = _reported.DeepClone() }.ToJsonString();
    }

    /// <summary>The operator's change.</summary>
    /// <returns>What the device is told, with the version after it.</returns>
    public (JsonObject Patch, long Version) Desire(JsonObject patch)
    {
        lock (_lock)
        {
            Assert.Null(Violation(Merged(_desired, patch)));
            Merge(_desired, patch);
            JsonObject told = (JsonObject)patch.DeepClone();
            long version = Count(_desired);
            told["$version"] = version;
            return (told, version);
        }
    }

    /// <summary>The device's change.</summary>
    /// <returns>Status, and the version after it.</returns>
    public (int Status, long Version) Report(JsonNode? patch)
    {
        lock (_lock)
        {
            if (patch is not JsonObject changes || Violation(Merged(_reported, changes)) is not null)
                return (400, 0);
            Merge(_reported, changes);
            return (204, Count(_reported));
        }
    }

    private static long Count(JsonObject section)
    {
        long version = (long)section["$version"]! + 1;
        section["$version"] = version;
        return version;
    }

    private static JsonObject Merged(JsonObject section, JsonObject patch)
    {
        JsonObject copy = (JsonObject)section.DeepClone();
        copy.Remove("$version");
        Merge(copy, patch);
        return copy;
    }

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach ((string name, JsonNode? value) in patch)
        {
            if (value is null)
                target.Remove(name);
            else if (value is JsonObject change && target[name] is JsonObject inner)
                Merge(inner, change);
            else if (value is JsonObject fresh)
            {
                JsonObject made = [];
                Merge(made, fresh);
                target[name] = made;
            }
            else
                target[name] = value.DeepClone();
        }
    }

    /// <remarks>Source: Microsoft, "Understand and use device twins in IoT Hub", format and size.</remarks>
    private static string? Violation(JsonNode? node, int depth = 0) => node switch
    {
        JsonObject or JsonArray when depth > 10 => "deeper than 10",
        JsonObject top when depth == 0 && Encoding.UTF8.GetByteCount(top.ToJsonString()) > 32 * 1024 => "larger than 32 KB",
        JsonObject members => members.Select(m => m.Key.Length is 0 or > 1024 || m.Key.IndexOfAny(['.', '$', ' ']) >= 0 ? $"key {m.Key}" : Violation(m.Value, depth + 1)).FirstOrDefault(v => v is not null),
        JsonArray items => items.Select(i => i is null ? "null in an array" : Violation(i, depth + 1)).FirstOrDefault(v => v is not null),
        JsonValue value when value.TryGetValue(out string? text) && Encoding.UTF8.GetByteCount(text) > 4096 => "text longer than 4 KB",
        JsonValue value when value.TryGetValue(out long number) && number is < -4503599627370496 or > 4503599627370495 => "integer out of range",
        _ => null,
    };
}
