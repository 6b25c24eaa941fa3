using InstantNet.Agent.Delivery;
using InstantNet.Agent.Durable;
using InstantNet.Agent.Inference;
using InstantNet.Contracts.Releases;

namespace InstantNet.Agent.Activation;

/// <summary>The release that came with the device, in a folder that the agent only reads: what serves when nothing else can.</summary>
/// <remarks>The folder is laid out like a data folder: <c>releases</c> and <c>blobs</c> of any device that committed the release. It is verified like
/// every release, but may be older than what was in service since: whoever can write that folder owns the device anyway.</remarks>
/// <param name="folder">Where it lies.</param>
/// <param name="gate">Verifies it.</param>
/// <param name="server">Serves it.</param>
internal sealed class FactoryRelease(AgentFolder folder, ReleaseGate gate, IModelServer server)
{
    private readonly ManifestShelf _manifests = new(folder);
    private readonly BlobShelf _blobs = new(folder);

    /// <summary>Verifies it and brings it into service.</summary>
    /// <returns>Null when it serves, else what is wrong as one sentence.</returns>
    public async Task<string?> TryServeAsync(CancellationToken cancellationToken)
    {
        if (_manifests.TryReadLastGood() is not { } envelope)
            return $"{folder.Root} holds no factory release.";
        ReleaseRejection rejection = gate.VerifyFactory(envelope, out TrustedRelease? release);
        if (release is null)
            return $"The factory release is not trusted: {gate.SentenceOf(rejection)}";
        try
        {
            foreach (BlobRef blob in gate.BlobsOf(release))
            {
                string path = _blobs.PathOf(blob);
                if (!File.Exists(path) || !await BlobHash.MatchesAsync(path, blob, cancellationToken))
                    return $"Blob {blob.Sha256} of the factory release is missing or damaged.";
            }

            ICandidateRelease candidate = await server.LoadAsync(release, _blobs.PathOf, cancellationToken);
            candidate.Commit();
            return null;
        }
        catch (Exception e) when (e is ReleaseUnusableException or IOException or UnauthorizedAccessException)
        {
            return $"The factory release does not load: {e.Message}";
        }
    }
}
