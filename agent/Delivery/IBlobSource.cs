using InstantNet.Contracts.Releases;

namespace InstantNet.Agent.Delivery;

/// <summary>One way to the bytes of blobs. One blob at a time.</summary>
internal interface IBlobSource
{
    /// <summary>What logs call it; holds no secret.</summary>
    string Name { get; }

    /// <summary>False while asking it would only be waiting.</summary>
    bool IsReachable { get; }

    /// <summary>Fetches the chunks that are missing. May be cancelled and called again at any time; what arrived stays.</summary>
    /// <param name="blob">Which blob.</param>
    /// <param name="partial">Takes the chunks.</param>
    /// <param name="arrived">Told after each chunk, one after the other.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null when the blob is whole, its content not checked yet; else why this source cannot give it.</returns>
    /// <exception cref="IOException">The disk refuses.</exception>
    Task<DeliveryFault?> FetchAsync(BlobRef blob, PartialBlob partial, Action arrived, CancellationToken cancellationToken);
}
