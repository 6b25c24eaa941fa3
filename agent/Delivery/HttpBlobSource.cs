using InstantNet.Contracts.Mqtt;
using InstantNet.Contracts.Releases;
using Microsoft.Extensions.Logging;

namespace InstantNet.Agent.Delivery;

/// <summary>Fetches the missing chunks of blobs from a web server, a range of neighbours at a time, and tries again with growing waits.
/// Logs and faults tell the host, never the URL.</summary>
/// <param name="ranges">Asks for one range.</param>
/// <param name="mostRunBytes">Longest range, bytes; 1 or more.</param>
/// <param name="backoff">Between tries; not shared with another thread.</param>
/// <param name="log">Diagnostics.</param>
/// <param name="time">Clock.</param>
internal sealed partial class HttpBlobSource(HttpRangeReader ranges, long mostRunBytes, ReconnectBackoff backoff, ILogger log, TimeProvider time)
    : IBlobSource, IDisposable
{
    /// <summary>Requests in a row that bring no chunk, after which the server is given up for now.</summary>
    public const int TriesWithoutProgress = 6;

    /// <summary>Longest wait that a server may ask for.</summary>
    public static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    public string Name => ranges.Host;

    /// <inheritdoc/>
    public bool IsReachable => true;

    /// <inheritdoc/>
    public async Task<DeliveryFault?> FetchAsync(BlobRef blob, PartialBlob partial, Action arrived, CancellationToken cancellationToken)
    {
        int failures = 0;
        while (partial.FirstMissing(mostRunBytes) is { } run)
        {
            long before = partial.HeldBytes;
            HttpVerdict ended = await ranges.FetchAsync(blob, run, partial, arrived, cancellationToken);
            if (ended is HttpVerdict.Never never)
                return never.Reason with { Detail = $"{Name} does not give blob {blob.Sha256}. {never.Reason.Detail}" };
            if (partial.HeldBytes > before)
                failures = 0;
            if (ended is not HttpVerdict.Later later)
                continue;
            if (++failures == TriesWithoutProgress)
                return new DeliveryFault(DeliveryFault.BlobUnreachable, $"{Name} gave nothing of blob {blob.Sha256} in {failures} tries. {later.Reason}");
            TimeSpan wait = WaitBefore(later, failures);
            LogLater(Name, later.Reason, wait.TotalSeconds);
            await Task.Delay(wait, time, cancellationToken);
        }

        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => ranges.Dispose();

    private TimeSpan WaitBefore(HttpVerdict.Later later, int failures)
    {
        TimeSpan own = backoff.Next(failures - 1);
        TimeSpan asked = later.After ?? TimeSpan.Zero;
        return asked < own ? own : asked < LongestRetryAfter ? asked : LongestRetryAfter;
    }

    [LoggerMessage(1120, LogLevel.Information, "{Host} does not give a blob for now: {Reason} Trying again in {Seconds:F1} s")]
    private partial void LogLater(string host, string reason, double seconds);
}
