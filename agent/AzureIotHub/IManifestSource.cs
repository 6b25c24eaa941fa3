using InstantNet.Agent.Delivery;
using InstantNet.Contracts.Releases;

namespace InstantNet.Agent.AzureIotHub;

/// <summary>Fetches manifests by their address. Thread safe.</summary>
internal interface IManifestSource
{
    /// <summary>Fetches one, however long it takes.</summary>
    /// <param name="manifest">Address and size; its size is at most what a manifest may have.</param>
    /// <param name="blobUrl">From the job, checked.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The bytes, which match the address, or why they are not to be had; never both.</returns>
    Task<(byte[]? Manifest, DeliveryFault? Fault)> FetchAsync(BlobRef manifest, string blobUrl, CancellationToken cancellationToken);
}
