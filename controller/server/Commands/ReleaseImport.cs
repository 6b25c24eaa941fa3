using InstantNet.Controller.Api;
using InstantNet.Controller.Releases;
using InstantNet.Generation.Packaging;

namespace InstantNet.Controller.Commands;

/// <summary>Gives a signed release to a running controller.</summary>
internal static class ReleaseImport
{
    /// <summary>Its blobs first, then the manifest that names them.</summary>
    /// <exception cref="CommandFailedException">The controller refused.</exception>
    public static async Task RunAsync(ControllerClient client, ReleaseBundle bundle, CancellationToken cancellationToken)
    {
        foreach ((string digest, string file) in bundle.Files)
            await client.PutFileAsync($"blobs/{digest}", file, cancellationToken);
        await client.SendAsync(
            HttpMethod.Post, "releases", new ReleaseUpload(bundle.Envelope.Manifest, bundle.Envelope.Signature, bundle.Envelope.KeyId),
            ApiJson.Default.ReleaseUpload, ApiJson.Default.ReleaseAccepted, cancellationToken);
    }
}
