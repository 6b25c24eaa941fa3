using System.Security.Cryptography;
using InstantNet.Contracts.Releases;
using InstantNet.Controller.Hosting;

namespace InstantNet.Controller.Releases;

/// <summary>The keys of the data folder: one that signs releases, and every public key whose releases the fleet trusts. Immutable.</summary>
internal sealed class ReleaseKeyRing
{
    private const string PublicKeys = "*.pub.pem";

    /// <summary>Reads the keys; makes the signing key at the first start.</summary>
    /// <exception cref="StartRefusedException">A key file cannot be read.</exception>
    public ReleaseKeyRing(DataFolder folder)
    {
        EnsureSigningKey(folder);
        try
        {
            PublicPems = Directory.GetFiles(folder.Keys, PublicKeys).Order(StringComparer.Ordinal).Select(File.ReadAllText).ToArray();
            Trusted = new ReleaseKeys(PublicPems);
        }
        catch (FormatException e)
        {
            throw new StartRefusedException($"A file {PublicKeys} in {folder.Keys} is no release key: {e.Message}", e);
        }
    }

    /// <summary>PEM texts, as agents are given them.</summary>
    public IReadOnlyList<string> PublicPems { get; }

    /// <summary>The same, for verifying.</summary>
    public ReleaseKeys Trusted { get; }

    /// <summary>Makes the pair of keys if the folder has none; used also by whoever signs before the first start.</summary>
    public static void EnsureSigningKey(DataFolder folder)
    {
        if (File.Exists(folder.SigningKey))
            return;
        PrivateFile.CreateFolder(folder.Keys);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        PrivateFile.Write(folder.VerifyingKey, key.ExportSubjectPublicKeyInfoPem() + "\n");
        PrivateFile.Write(folder.SigningKey, key.ExportPkcs8PrivateKeyPem() + "\n");
    }
}
