using System.Text;

namespace InstantNet.Agent.AzureIotHub;

/// <summary>What the hub answered to a request about the twin.</summary>
/// <param name="Status">As in HTTP: 200 and 204 are good.</param>
/// <param name="Payload">Its content.</param>
internal readonly record struct TwinAnswer(int Status, ReadOnlyMemory<byte> Payload)
{
    private const int RequestTimeout = 408;
    private const int TooManyRequests = 429;
    private const int FirstServerError = 500;
    private const int LongestText = 500;

    /// <summary>No answer came in time.</summary>
    public static TwinAnswer None { get; } = new(RequestTimeout, default);

    /// <summary>True for 2xx.</summary>
    public bool IsGood => Status / 100 == 2;

    /// <summary>True when the same request may succeed later: no answer, too many requests, or the hub's own trouble.</summary>
    public bool IsPassing => Status is RequestTimeout or TooManyRequests or >= FirstServerError;

    /// <summary>Status and the beginning of the content, for people.</summary>
    public override string ToString() => Payload.IsEmpty
        ? $"status {Status}"
        : $"status {Status}, {Encoding.UTF8.GetString(Payload.Span[..Math.Min(Payload.Length, LongestText)])}";
}
