using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using InstantNet.Contracts.Messages;

namespace InstantNet.Agent.AzureIotHub;

/// <summary>Every topic of Azure IoT Hub that the agent uses; no other file spells one.</summary>
/// <remarks>Source: Microsoft, "Communicate with an IoT hub using the MQTT protocol" and "Understand and use device twins in IoT Hub".</remarks>
internal static class HubTopics
{
    /// <summary>Filter of the answers to <see cref="GetTwin"/> and <see cref="Report"/>.</summary>
    public const string TwinAnswers = TwinAnswerPrefix + "#";

    /// <summary>Filter of changes of the desired properties.</summary>
    public const string DesiredPatches = DesiredPrefix + "#";

    /// <summary>Filter of direct methods.</summary>
    public const string Methods = MethodPrefix + "#";

    private const string TwinAnswerPrefix = "$iothub/twin/res/";
    private const string DesiredPrefix = "$iothub/twin/PATCH/properties/desired/";
    private const string MethodPrefix = "$iothub/methods/POST/";
    private const string RequestId = "$rid";
    private const string VersionKey = "$version";

    /// <summary>Where a message to the cloud goes, with its kind and the form of its content as properties.</summary>
    /// <param name="deviceId">Of the hub.</param>
    /// <param name="kind">Value of the property <c>kind</c>, in camel case.</param>
    public static string Event(string deviceId, UpKind kind) =>
        $"devices/{deviceId}/messages/events/kind={NameOf(kind)}&{Uri.EscapeDataString("$.ct")}={Uri.EscapeDataString("application/json")}&{Uri.EscapeDataString("$.ce")}=utf-8";

    /// <summary>Asks for the whole twin; the payload is empty.</summary>
    public static string GetTwin(long requestId) => string.Create(CultureInfo.InvariantCulture, $"$iothub/twin/GET/?{RequestId}={requestId}");

    /// <summary>Changes the reported properties; the payload is a merge patch.</summary>
    public static string Report(long requestId) =>
        string.Create(CultureInfo.InvariantCulture, $"$iothub/twin/PATCH/properties/reported/?{RequestId}={requestId}");

    /// <summary>Answers a direct method.</summary>
    /// <param name="status">What the caller gets.</param>
    /// <param name="requestId">As received.</param>
    public static string MethodAnswer(int status, string requestId) =>
        string.Create(CultureInfo.InvariantCulture, $"$iothub/methods/res/{status}/?{RequestId}={requestId}");

    /// <summary>Reads the topic of an answer.</summary>
    public static bool TryReadTwinAnswer(string topic, out int status, out long requestId)
    {
        requestId = 0;
        return TrySplit(topic, TwinAnswerPrefix, out string? path, out string? query) & int.TryParse(path, NumberStyles.None, CultureInfo.InvariantCulture, out status)
            && long.TryParse(ValueOf(query, RequestId), NumberStyles.None, CultureInfo.InvariantCulture, out requestId);
    }

    /// <summary>Reads the topic of a change.</summary>
    /// <param name="topic">As received.</param>
    /// <param name="version">Of the desired properties after it; null when the topic does not say.</param>
    public static bool TryReadDesired(string topic, out long? version)
    {
        bool isChange = TrySplit(topic, DesiredPrefix, out _, out string? query);
        version = long.TryParse(ValueOf(query, VersionKey), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
        return isChange;
    }

    /// <summary>Reads the topic of a direct method.</summary>
    public static bool TryReadMethod(string topic, [NotNullWhen(true)] out string? name, [NotNullWhen(true)] out string? requestId)
    {
        requestId = TrySplit(topic, MethodPrefix, out name, out string? query) && name is { Length: > 0 } ? ValueOf(query, RequestId) : null;
        name = name is null ? null : Uri.UnescapeDataString(name);
        return requestId is not null && name is not null;
    }

    private static string NameOf(UpKind kind) => kind switch
    {
        UpKind.State => "state",
        UpKind.Telemetry => "telemetry",
        UpKind.Alarm => "alarm",
        UpKind.JobStatus => "jobStatus",
        UpKind.CommandResult => "commandResult",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a message to the cloud."),
    };

    // "{prefix}{path}/?{query}", where path and the slash may be missing.
    private static bool TrySplit(string topic, string prefix, out string? path, out string? query)
    {
        path = query = null;
        if (!topic.StartsWith(prefix, StringComparison.Ordinal))
            return false;
        string[] parts = topic[prefix.Length..].Split('?', 2);
        (path, query) = (parts[0].TrimEnd('/'), parts.ElementAtOrDefault(1));
        return true;
    }

    private static string? ValueOf(string? query, string key)
    {
        foreach (string pair in query?.Split('&') ?? [])
        {
            if (pair.Split('=', 2) is [var name, var value] && Uri.UnescapeDataString(name) == key && value.Length > 0)
                return value;
        }

        return null;
    }
}
