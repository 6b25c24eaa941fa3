using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using InstantNet.Contracts.Messages;

namespace InstantNet.Agent.Remote;

/// <summary>The answer to a command.</summary>
/// <param name="Status">As in HTTP: 200 done, 202 begun, 400 and above with a problem document.</param>
/// <param name="Payload">JSON, UTF-8.</param>
internal sealed record CommandAnswer(int Status, ReadOnlyMemory<byte> Payload)
{
    /// <summary>MIME type of <see cref="Payload"/>.</summary>
    public string ContentType => CommandMessages.ContentTypeOf(Status);

    /// <summary>Done, with what came of it.</summary>
    public static CommandAnswer Of<T>(int status, T content, JsonTypeInfo<T> type) => new(status, JsonSerializer.SerializeToUtf8Bytes(content, type));

    /// <summary>A problem document (RFC 9457) with one sentence.</summary>
    public static CommandAnswer Problem(int status, string sentence) => Of(status, new ProblemDocument(status, sentence), CommandJson.Default.ProblemDocument);
}
