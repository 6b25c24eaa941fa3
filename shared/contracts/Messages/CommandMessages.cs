namespace InstantNet.Contracts.Messages;

/// <summary>What command and answer agree on beside their topics: JSON in both payloads, a status as in HTTP, correlation data in both.</summary>
public static class CommandMessages
{
    /// <summary>User property of an answer: its status as a decimal number.</summary>
    public const string StatusProperty = "status";

    /// <summary>Content type of an answer with a status below 400.</summary>
    public const string Json = "application/json";

    /// <summary>Content type of any other answer: a problem document (RFC 9457).</summary>
    public const string Problem = "application/problem+json";

    /// <summary>Longest payload of a command or an answer, bytes.</summary>
    public const int MaxPayloadBytes = 64 * 1024;

    /// <summary>Longest correlation data, bytes.</summary>
    public const int MaxCorrelationBytes = 64;

    /// <summary>Longest name of a command, characters; the same letters as ids.</summary>
    public const int MaxNameLength = WireId.MaxLength;

    /// <summary>Content type of an answer.</summary>
    public static string ContentTypeOf(int status) => status < 400 ? Json : Problem;

    /// <summary>True for a status that an answer may have.</summary>
    public static bool IsStatus(int status) => status is >= 200 and <= 599;
}
