using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using InstantNet.Agent.Durable;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Releases;

namespace InstantNet.Agent.Activation;

/// <summary>Signed manifests on disk: the offered one, and the last good one behind a pointer that moves by rename.</summary>
/// <param name="folder">Data folder of the agent.</param>
internal sealed class ManifestShelf(AgentFolder folder)
{
    private const string Ending = ".json";

    /// <summary>Name of a manifest: SHA-256 of its exact bytes.</summary>
    public static string DigestOf(SignedManifest envelope) => Convert.ToHexStringLower(SHA256.HashData(envelope.Manifest));

    /// <summary>Keeps what a job offers before the job is taken on; readable by the agent's user only.</summary>
    public void WriteOffer(JobOffer offer)
    {
        StoredOffer stored = new(
            StoredOffer.FormatVersion, offer.Job, offer.Attempt, new SignedManifest(offer.Manifest, offer.Signature, offer.KeyId), offer.BlobUrl);
        DurableFile.WritePrivate(folder.Offer, JsonSerializer.SerializeToUtf8Bytes(stored, ActivationJson.Default.StoredOffer));
    }

    /// <summary>What a job offers; null when the file holds another one or is damaged.</summary>
    public StoredOffer? TryReadOffer(WireId job, int attempt)
    {
        StoredOffer? offer = TryRead(folder.Offer, c => JsonSerializer.Deserialize(c, ActivationJson.Default.StoredOffer));
        return offer is { V: StoredOffer.FormatVersion } && offer.Job == job && offer.Attempt == attempt ? offer : null;
    }

    /// <summary>True when a last good release was ever committed, damaged or not.</summary>
    public bool HasLastGood => File.Exists(folder.CurrentRelease);

    /// <summary>The last good manifest, still to be verified; null when there is none or its file is damaged.</summary>
    public SignedManifest? TryReadLastGood()
    {
        if (DurableFile.TryRead(folder.CurrentRelease) is not { } pointer)
            return null;
        string digest = Encoding.UTF8.GetString(pointer);
        if (digest.Length != SHA256.HashSizeInBytes * 2 || !digest.All(char.IsAsciiHexDigitLower))
            return null;
        StoredManifest? stored = TryRead(PathOf(digest), c => JsonSerializer.Deserialize(c, ActivationJson.Default.StoredManifest));
        return stored is { V: StoredManifest.FormatVersion } && DigestOf(stored.Envelope) == digest ? stored.Envelope : null;
    }

    /// <summary>Makes a manifest the last good one; older ones are removed. May be repeated, and then writes nothing.</summary>
    /// <returns>False when it was the last good one.</returns>
    public bool Promote(SignedManifest envelope)
    {
        string digest = DigestOf(envelope);
        bool moves = TryReadLastGood() is not { } lastGood || DigestOf(lastGood) != digest;
        if (moves)
        {
            DurableFile.Write(
                PathOf(digest),
                JsonSerializer.SerializeToUtf8Bytes(new StoredManifest(StoredManifest.FormatVersion, envelope), ActivationJson.Default.StoredManifest));
            DurableFile.Write(folder.CurrentRelease, Encoding.UTF8.GetBytes(digest));
        }

        foreach (string other in Directory.GetFiles(folder.Releases, "*" + Ending).Where(f => Path.GetFileNameWithoutExtension(f) != digest))
            File.Delete(other);
        return moves;
    }

    private string PathOf(string digest) => Path.Combine(folder.Releases, digest + Ending);

    private static T? TryRead<T>(string path, Func<byte[], T?> parse)
        where T : class
    {
        try
        {
            return DurableFile.TryRead(path) is { } content ? parse(content) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
