using InstantNet.Agent.Delivery;
using InstantNet.Contracts.Releases;

namespace InstantNet.Agent.AzureIotHub;

/// <summary>Fetches manifests as the blobs of a release are fetched: resumed after a restart, bounded by their size, checked against their address.
/// One stays on the shelf until the next release is tidied up after.</summary>
/// <param name="delivery">From web servers alone.</param>
/// <param name="shelf">Where <paramref name="delivery"/> puts them.</param>
internal sealed class ManifestFetcher(BlobDelivery delivery, BlobShelf shelf) : IManifestSource
{
    private const int ChunkBytes = 16 * 1024;
    private const int MostTries = 3;

    /// <inheritdoc/>
    public async Task<(byte[]? Manifest, DeliveryFault? Fault)> FetchAsync(BlobRef manifest, string blobUrl, CancellationToken cancellationToken)
    {
        if (BlobUrlTemplate.Read(blobUrl, out BlobUrlTemplate? url) is { } complaint)
            throw new ArgumentException(complaint, nameof(blobUrl));
        for (int tries = 1; ; tries++)
        {
            if (await delivery.FetchAsync([manifest], ChunkBytes, url, static _ => { }, cancellationToken) is { } fault)
                return (null, fault);
            try
            {
                return (await File.ReadAllBytesAsync(shelf.PathOf(manifest), cancellationToken), null);
            }
            catch (FileNotFoundException) when (tries < MostTries)
            {
                // Tidied up after another release at this very moment.
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return (null, new DeliveryFault(DeliveryFault.DiskFailed, e.Message));
            }
        }
    }
}
