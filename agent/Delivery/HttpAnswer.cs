using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace InstantNet.Agent.Delivery;

/// <summary>Decides what an answer to a request for a range means. Pure.</summary>
/// <remarks>Source: RFC 9110, sections 10.2.3 (Retry-After), 14.4 (Content-Range) and 15 (status codes).</remarks>
internal static class HttpAnswer
{
    /// <summary>The encoding that changes nothing.</summary>
    public const string Unchanged = "identity";

    private const string Bytes = "bytes";

    /// <summary>Decides.</summary>
    /// <param name="address">Who answered; a redirect may be relative to it.</param>
    /// <param name="response">Status and headers; the body is not read.</param>
    /// <param name="asked">The range that was asked for.</param>
    /// <param name="whole">The whole blob, as the manifest says.</param>
    /// <param name="now">Clock, for a Retry-After with a date.</param>
    public static HttpVerdict Judge(Uri address, HttpResponseMessage response, ChunkRun asked, ChunkRun whole, DateTimeOffset now)
    {
        string status = string.Create(CultureInfo.InvariantCulture, $"It answered {(int)response.StatusCode}");
        return response.StatusCode switch
        {
            HttpStatusCode.PartialContent => OnRange(response.Content.Headers, asked, whole),
            HttpStatusCode.OK => BodyOf(response.Content.Headers, whole),
            HttpStatusCode.NotFound or HttpStatusCode.Gone => Never(DeliveryFault.BlobNotFound, $"{status}: the blob is not there."),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => Never(
                DeliveryFault.BlobForbidden, $"{status}: it does not let this device have the blob, or does not any more."),
            HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError =>
                new HttpVerdict.Later($"{status}.", WaitOf(response.Headers.RetryAfter, now)),
            HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect
                or HttpStatusCode.PermanentRedirect when Uri.TryCreate(address, response.Headers.Location, out Uri? location) =>
                new HttpVerdict.Elsewhere(location),
            _ => Never(DeliveryFault.BlobRefused, $"{status} to a request for a range."),
        };
    }

    private static HttpVerdict OnRange(HttpContentHeaders headers, ChunkRun asked, ChunkRun whole) =>
        headers.ContentRange is { Unit: Bytes, HasRange: true } range && range.From == asked.Offset && range.To == asked.LastByte
        && (!range.HasLength || range.Length == whole.Length)
            ? BodyOf(headers, asked)
            : Never(DeliveryFault.BlobMisserved, $"It was asked for bytes {asked.Offset} to {asked.LastByte} of {whole.Length} and sent '{headers.ContentRange}'.");

    private static HttpVerdict BodyOf(HttpContentHeaders headers, ChunkRun expected)
    {
        if (headers.ContentEncoding.Any(e => e != Unchanged))
            return Never(DeliveryFault.BlobMisserved, "It sent the blob in an encoding, which was not asked for.");
        return headers.ContentLength is { } length && length != expected.Length
            ? Never(DeliveryFault.BlobMisserved, $"It sends {length} bytes where the manifest has {expected.Length}.")
            : new HttpVerdict.Body(expected);
    }

    private static TimeSpan? WaitOf(RetryConditionHeaderValue? header, DateTimeOffset now) => header switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date > now ? date - now : TimeSpan.Zero,
        _ => null,
    };

    private static HttpVerdict.Never Never(string code, string reason) => new(new DeliveryFault(code, reason));
}
