using System.Net;
using InstantNet.Contracts.Mqtt;
using InstantNet.Contracts.Releases;
using InstantNet.Contracts.Tls;
using Microsoft.Extensions.Logging;

namespace InstantNet.Agent.Delivery;

/// <summary>Reaches web servers that offer blobs: TLS 1.2 or later, no proxy, no cookies, no redirects that nobody checked.</summary>
/// <param name="settings">Rate and authorities.</param>
/// <param name="random">Spreads the tries of a fleet; seeded by the device.</param>
/// <param name="log">Diagnostics.</param>
/// <param name="time">Clock.</param>
internal sealed class BlobSites(DeliverySettings settings, Random random, ILogger<BlobSites> log, TimeProvider time)
{
    /// <summary>Longest wait before the first retry; it doubles with each.</summary>
    public static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);

    private const int MostHeaderKibibytes = 16;

    // A paced download keeps a connection busy for no longer, so that no server ends it for being slow.
    private const int PacedRunSeconds = 10;

    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(1);

    /// <summary>Opens a server for one download; the caller disposes it.</summary>
    /// <exception cref="ClientTlsException">The file of authorities could be read at the start and can no longer be.</exception>
    public HttpBlobSource Open(BlobUrlTemplate url)
    {
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = ConnectTime,
            MaxResponseHeadersLength = MostHeaderKibibytes,
            SslOptions = settings.Tls.Load(),
        };
        long rate = settings.MaxBytesPerSecond;
        HttpRangeReader ranges = new(url, new HttpMessageInvoker(handler), new TransferPacing(rate, time), time);
        return new HttpBlobSource(
            ranges, rate == 0 ? long.MaxValue : rate * PacedRunSeconds, new ReconnectBackoff(FirstRetry, LongestRetry, random), log, time);
    }
}
