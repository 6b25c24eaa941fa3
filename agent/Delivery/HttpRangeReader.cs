using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;
using InstantNet.Contracts.Releases;

namespace InstantNet.Agent.Delivery;

/// <summary>Reads one range of a blob from a web server into a partial blob, no faster than allowed. Writes only bytes that the manifest has.</summary>
/// <param name="url">Where the blobs are.</param>
/// <param name="client">Sends requests without following redirects; disposed by this.</param>
/// <param name="pacing">Rate of the device.</param>
/// <param name="time">Clock.</param>
internal sealed class HttpRangeReader(BlobUrlTemplate url, HttpMessageInvoker client, TransferPacing pacing, TimeProvider time) : IDisposable
{
    /// <summary>A request or read during which nothing comes for this long has failed.</summary>
    public static readonly TimeSpan IdleAfter = TimeSpan.FromSeconds(30);

    private const int MostRedirects = 3;

    /// <summary>Whom it asks.</summary>
    public string Host => url.Host;

    /// <summary>Sends one request and takes in what it brings.</summary>
    /// <param name="blob">Which blob.</param>
    /// <param name="run">Asked for; a server that knows no ranges sends the whole blob instead.</param>
    /// <param name="partial">Takes the chunks.</param>
    /// <param name="arrived">Told after each chunk.</param>
    /// <param name="cancellationToken">Gives up; what arrived stays.</param>
    /// <returns>A <see cref="HttpVerdict.Body"/> when all of it arrived, else why not; never <see cref="HttpVerdict.Elsewhere"/>.</returns>
    /// <exception cref="IOException">The disk refuses.</exception>
    public async Task<HttpVerdict> FetchAsync(BlobRef blob, ChunkRun run, PartialBlob partial, Action arrived, CancellationToken cancellationToken)
    {
        using IdleLimit idle = new(IdleAfter, time, cancellationToken);
        try
        {
            Uri address = url.Of(blob);
            for (int redirects = 0; redirects <= MostRedirects; redirects++)
            {
                using HttpRequestMessage request = new(HttpMethod.Get, address);
                request.Headers.Range = new RangeHeaderValue(run.Offset, run.LastByte);
                request.Headers.AcceptEncoding.ParseAdd(HttpAnswer.Unchanged);
                idle.Restart();
                using HttpResponseMessage response = await client.SendAsync(request, idle.Token);
                HttpVerdict verdict = HttpAnswer.Judge(address, response, run, partial.Whole, time.GetUtcNow());
                if (verdict is HttpVerdict.Body body)
                    return await CopyAsync(body, await response.Content.ReadAsStreamAsync(idle.Token), partial, arrived, idle);
                if (verdict is not HttpVerdict.Elsewhere { Location: { } location })
                    return verdict;
                if (location.Scheme != address.Scheme || !BlobUrlTemplate.IsAllowed(location))
                    return Refused($"It redirects to {location.Scheme} on {location.Authority}, which is not followed.");
                address = location;
            }

            return Refused($"It redirects more than {MostRedirects} times.");
        }
        catch (HttpRequestException e)
        {
            return new HttpVerdict.Later(e.GetBaseException().Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new HttpVerdict.Later("Nothing came in time.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    private async Task<HttpVerdict> CopyAsync(HttpVerdict.Body expected, Stream body, PartialBlob partial, Action arrived, IdleLimit idle)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(partial.ChunkLength(0));
        try
        {
            for (int index = expected.Run.First; index < expected.Run.First + expected.Run.Count; index++)
            {
                Memory<byte> chunk = buffer.AsMemory(0, partial.ChunkLength(index));
                if (pacing.Take(chunk.Length) is var wait && wait > TimeSpan.Zero)
                {
                    idle.Pause(); // Being slow on purpose is not being idle.
                    await Task.Delay(wait, time, idle.Token);
                }

                if (await ReadAsync(body, chunk, idle) < chunk.Length)
                    return new HttpVerdict.Later(string.Create(CultureInfo.InvariantCulture, $"The connection ended within chunk {index}."));
                if (partial.TryWrite(index, chunk.Span))
                    arrived();
            }

            return await ReadAsync(body, buffer.AsMemory(0, 1), idle) == 0
                ? expected
                : new HttpVerdict.Never(new DeliveryFault(DeliveryFault.BlobMisserved, "It sends more bytes than were asked for."));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Fills the buffer as far as the body goes. Failures of the network are of another type than those of the disk.</summary>
    private static async Task<int> ReadAsync(Stream body, Memory<byte> buffer, IdleLimit idle)
    {
        int filled = 0;
        while (filled < buffer.Length)
        {
            idle.Restart();
            try
            {
                int read = await body.ReadAsync(buffer[filled..], idle.Token);
                if (read == 0)
                    break;
                filled += read;
            }
            catch (IOException e)
            {
                throw new HttpRequestException(e.Message, e);
            }
        }

        return filled;
    }

    private static HttpVerdict.Never Refused(string reason) => new(new DeliveryFault(DeliveryFault.BlobRefused, reason));
}
