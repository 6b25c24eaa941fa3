using System.Security.Cryptography;
using System.Text.Json;

namespace InstantNet.Contracts.Releases;

/// <summary>Signs manifests with one private key. Not thread safe.</summary>
/// <param name="key">ECDSA P-256 with its private part; owned by the caller.</param>
public sealed class ReleaseSigner(ECDsa key)
{
    /// <summary>Name of the key, as devices know it.</summary>
    public string KeyId { get; } = ReleaseKeys.IdOf(key);

    /// <summary>Serialises a manifest once and signs those bytes.</summary>
    public SignedManifest Sign(ReleaseManifest manifest)
    {
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(manifest, ReleaseJson.Default.ReleaseManifest);
        if (bytes.Length > ReleaseManifest.MaxBytes)
            throw new ArgumentException($"The manifest is {bytes.Length} bytes; devices read at most {ReleaseManifest.MaxBytes}.", nameof(manifest));
        return new SignedManifest(bytes, key.SignData(bytes, HashAlgorithmName.SHA256), KeyId);
    }
}
