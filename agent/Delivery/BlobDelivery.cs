using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Mqtt;
using InstantNet.Contracts.Releases;
using InstantNet.Contracts.Tls;
using Microsoft.Extensions.Logging;

namespace InstantNet.Agent.Delivery;

/// <summary>Brings the blobs of a trusted release onto the disk; what is there already, whole or in part, is not fetched again.</summary>
/// <param name="shelf">Where blobs lie.</param>
/// <param name="broker">Has the chunks of every blob; null on a device whose broker carries none.</param>
/// <param name="sites">Reaches the web server that a job names, which is asked first.</param>
/// <param name="log">Diagnostics.</param>
internal sealed partial class BlobDelivery(BlobShelf shelf, IBlobSource? broker, BlobSites sites, ILogger<BlobDelivery> log)
{
    /// <summary>Times that a blob is fetched whole before its source is taken to be corrupt.</summary>
    public const int WholeAttempts = 3;

    /// <summary>Kept free for everything else the agent writes, bytes.</summary>
    public const long ReserveBytes = 8 * 1024 * 1024;

    /// <summary>Says whether the disk has room for what is missing of a release.</summary>
    public async Task<DeliveryFault?> CheckSpaceAsync(IReadOnlyList<BlobRef> blobs, CancellationToken cancellationToken)
    {
        long missing = 0;
        foreach (BlobRef blob in blobs)
        {
            if (!await shelf.HoldsAsync(blob, cancellationToken))
                missing += blob.Size;
        }

        long free = shelf.FreeBytes();
        return missing == 0 || free >= missing + ReserveBytes
            ? null
            : new DeliveryFault(DeliveryFault.NoSpace, $"The release needs {missing} bytes and {ReserveBytes} in reserve; the disk has {free} free.");
    }

    /// <summary>Fetches every blob that is missing. May be cancelled and called again at any time: it goes on where it was.</summary>
    /// <param name="blobs">From a trusted manifest.</param>
    /// <param name="chunkBytes">From the same manifest.</param>
    /// <param name="url">Where a web server has them; null when only the broker does.</param>
    /// <param name="progress">Told the share done, 0..100, when it changes.</param>
    /// <param name="cancellationToken">Gives up; what arrived stays.</param>
    /// <returns>Null when all blobs are on disk and match their digests.</returns>
    public async Task<DeliveryFault?> FetchAsync(
        IReadOnlyList<BlobRef> blobs, int chunkBytes, BlobUrlTemplate? url, Action<int> progress, CancellationToken cancellationToken)
    {
        DeliveryProgress done = new(blobs.Sum(b => b.Size), progress);
        try
        {
            // What is there already counts from the first report on: an agent that was killed does not seem to start again.
            List<BlobRef> missing = [];
            foreach (BlobRef blob in blobs)
            {
                if (await shelf.HoldsAsync(blob, cancellationToken))
                    done.Skip(blob);
                else
                    missing.Add(blob);
            }

            using HttpBlobSource? site = url is null ? null : sites.Open(url);
            HttpBlobSource? first = site;
            foreach (BlobRef blob in missing)
            {
                (DeliveryFault? fault, bool isSiteGone) = await FetchBlobAsync(blob, chunkBytes, first, done, cancellationToken);
                if (fault is not null)
                    return fault;
                // Waiting for each blob anew until the server is given up would take long.
                first = isSiteGone ? null : first;
                done.Finish(blob);
            }

            return null;
        }
        catch (ClientTlsException e)
        {
            return new DeliveryFault(DeliveryFault.AuthoritiesUnreadable, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new DeliveryFault(DeliveryFault.DiskFailed, e.Message);
        }
    }

    private async Task<(DeliveryFault? Fault, bool IsSiteGone)> FetchBlobAsync(
        BlobRef blob, int chunkBytes, HttpBlobSource? site, DeliveryProgress done, CancellationToken cancellationToken)
    {
        using PartialBlob partial = shelf.OpenPartial(blob, chunkBytes);
        DeliveryFault? ofSite = null;
        while (site is not null)
        {
            ofSite = await FetchFromAsync(site, blob, partial, done, cancellationToken);
            if (ofSite is null)
                return (null, false);
            if (broker is { IsReachable: true })
            {
                LogFallBack(ofSite.Code, ofSite.Detail, broker.Name);
                break;
            }

            // Without any network the server cannot be told from one that is gone: the deadline of the job decides.
            if (ofSite.Code != DeliveryFault.BlobUnreachable)
                return (ofSite, false);
        }

        DeliveryFault? fault = broker is null
            ? new DeliveryFault(DeliveryFault.NoSource, "The job names no URL of its blobs, and the broker of this device does not carry them.")
            : await FetchFromAsync(broker, blob, partial, done, cancellationToken);
        return (fault, ofSite?.Code == DeliveryFault.BlobUnreachable);
    }

    private async Task<DeliveryFault?> FetchFromAsync(
        IBlobSource source, BlobRef blob, PartialBlob partial, DeliveryProgress done, CancellationToken cancellationToken)
    {
        for (int attempt = 1; attempt <= WholeAttempts; attempt++)
        {
            done.Hold(partial.HeldBytes);
            if (await source.FetchAsync(blob, partial, () => done.Hold(partial.HeldBytes), cancellationToken) is { } fault)
                return fault;
            if (await partial.TryFinishAsync(cancellationToken))
                return null;
            LogMismatch(blob.Sha256, source.Name, attempt);
        }

        return new DeliveryFault(
            DeliveryFault.BlobCorrupt, $"Blob {blob.Sha256} from {source.Name} arrived whole {WholeAttempts} times and never matched its digest.");
    }

    [LoggerMessage(1100, LogLevel.Warning, "Blob {Sha256} from {Source} does not match its digest (attempt {Attempt}); it is thrown away")]
    private partial void LogMismatch(string sha256, string source, int attempt);

    [LoggerMessage(1101, LogLevel.Warning, "{Code}: {Detail} Going on with {Source}")]
    private partial void LogFallBack(string code, string detail, string source);
}
