using InstantNet.Contracts.Releases;

namespace InstantNet.Generation.Packaging;

/// <summary>A signed release and where the content of each of its blobs lies.</summary>
/// <param name="Envelope">Signed manifest.</param>
/// <param name="Manifest">The same, read.</param>
/// <param name="Files">Path of each blob by its SHA-256.</param>
public sealed record ReleaseBundle(SignedManifest Envelope, ReleaseManifest Manifest, IReadOnlyDictionary<string, string> Files);
