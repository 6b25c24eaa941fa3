using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using InstantNet.Contracts.Messages;

namespace InstantNet.Controller.Ingest;

/// <summary>Reads payloads of devices. Whatever the bytes are, the answer is a message that obeys its rules or a sentence. Pure.</summary>
internal static class UplinkReader
{
    /// <summary>Longest payload that is looked at, bytes.</summary>
    public const int MaxPayloadBytes = 384 * 1024;

    public static DeviceState? State(ReadOnlySpan<byte> payload, out string fault) => Read(payload, WireJson.Default.DeviceState, MessageRules.Fault, out fault);

    public static ReportedTwin? Reported(ReadOnlySpan<byte> payload, out string fault) => Read(payload, WireJson.Default.ReportedTwin, MessageRules.Fault, out fault);

    public static JobStatus? Job(ReadOnlySpan<byte> payload, out string fault) => Read(payload, WireJson.Default.JobStatus, MessageRules.Fault, out fault);

    public static Alarm? Alarm(ReadOnlySpan<byte> payload, out string fault) => Read(payload, WireJson.Default.Alarm, MessageRules.Fault, out fault);

    public static TelemetryBatch? Telemetry(ReadOnlySpan<byte> payload, out string fault) => Read(payload, WireJson.Default.TelemetryBatch, MessageRules.Fault, out fault);

    private static T? Read<T>(ReadOnlySpan<byte> payload, JsonTypeInfo<T> type, Func<T, string?> rules, out string fault)
        where T : class
    {
        if (payload.Length > MaxPayloadBytes)
        {
            fault = $"The payload has {payload.Length} bytes.";
            return null;
        }

        T? message;
        try
        {
            message = JsonSerializer.Deserialize(payload, type);
        }
        // The precision converter reads numbers with GetInt32, which reports other tokens as InvalidOperationException.
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            fault = e.Message;
            return null;
        }

        fault = message is null ? "It is JSON null." : rules(message) ?? "";
        return fault.Length == 0 ? message : null;
    }
}
