using System.Text.Json;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Mqtt;

namespace InstantNet.Controller.Remote;

/// <summary>What a device answered to a command.</summary>
/// <param name="Status">As in HTTP, 200 to 599.</param>
/// <param name="Content">JSON, UTF-8; a problem document from 400 on.</param>
internal sealed record CommandReply(int Status, byte[] Content)
{
    /// <summary>MIME type of <see cref="Content"/>.</summary>
    public string ContentType => CommandMessages.ContentTypeOf(Status);

    /// <summary>Reads an answer; null when it has no status, is too long or is not JSON.</summary>
    public static CommandReply? Read(in MqttMessage message)
    {
        string? status = message.Properties.UserProperties.FirstOrDefault(p => p.Name == CommandMessages.StatusProperty).Value;
        return int.TryParse(status, System.Globalization.NumberStyles.None, null, out int number) && CommandMessages.IsStatus(number)
            && message.Payload.Length <= CommandMessages.MaxPayloadBytes && IsJson(message.Payload.Span)
            ? new CommandReply(number, message.Payload.ToArray())
            : null;
    }

    /// <summary>True for one whole JSON value.</summary>
    public static bool IsJson(ReadOnlySpan<byte> content)
    {
        Utf8JsonReader reader = new(content);
        try
        {
            while (reader.Read())
            {
            }

            return reader.BytesConsumed == content.Length && content.Length > 0;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
