namespace InstantNet.Contracts.Releases;

/// <summary>A manifest as it travels: the exact bytes, and a signature over them.</summary>
/// <param name="Manifest">UTF-8 JSON of a <see cref="ReleaseManifest"/>.</param>
/// <param name="Signature">ECDSA P-256 over SHA-256 of <paramref name="Manifest"/>, IEEE P1363, 64 bytes.</param>
/// <param name="KeyId">SHA-256 of the signer's SubjectPublicKeyInfo, lower-case hexadecimal.</param>
public sealed record SignedManifest(byte[] Manifest, byte[] Signature, string KeyId);
