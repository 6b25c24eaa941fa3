using System.Security.Cryptography;

namespace InstantNet.Contracts.Releases;

/// <summary>The public keys whose releases a device installs. Immutable; safe to share between threads.</summary>
public sealed class ReleaseKeys
{
    private const int CoordinateBits = 256;
    private readonly Dictionary<string, byte[]> _publicKeys = new(StringComparer.Ordinal);

    /// <param name="publicKeyPems">PEM texts, each with one SubjectPublicKeyInfo of a P-256 key.</param>
    /// <exception cref="FormatException">A text is no such key.</exception>
    public ReleaseKeys(IEnumerable<string> publicKeyPems)
    {
        ArgumentNullException.ThrowIfNull(publicKeyPems);
        foreach (string pem in publicKeyPems)
        {
            using ECDsa key = ECDsa.Create();
            try
            {
                key.ImportFromPem(pem);
            }
            catch (Exception e) when (e is ArgumentException or CryptographicException)
            {
                throw new FormatException("A trusted release key is not a PEM public key.", e);
            }

            if (key.KeySize != CoordinateBits)
                throw new FormatException($"A trusted release key has {key.KeySize} bits; ECDSA P-256 is accepted.");
            _publicKeys[IdOf(key)] = key.ExportSubjectPublicKeyInfo();
        }
    }

    /// <summary>SHA-256 of the key's SubjectPublicKeyInfo, lower-case hexadecimal.</summary>
    public static string IdOf(ECDsa key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
    }

    /// <summary>True when one of these keys made the signature over exactly these bytes.</summary>
    internal bool Verify(SignedManifest envelope)
    {
        if (!_publicKeys.TryGetValue(envelope.KeyId, out byte[]? info))
            return false;
        using ECDsa key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(info, out _);
        return key.VerifyData(envelope.Manifest, envelope.Signature, HashAlgorithmName.SHA256);
    }
}
