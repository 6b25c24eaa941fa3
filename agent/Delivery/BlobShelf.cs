using System.Security.Cryptography;
using InstantNet.Agent.Durable;
using InstantNet.Contracts.Releases;

namespace InstantNet.Agent.Delivery;

/// <summary>The blobs on disk: <c>blobs/{sha256}</c> when whole and verified, <c>.part</c> and <c>.map</c> while they arrive.</summary>
/// <param name="folder">Data folder of the agent.</param>
internal sealed class BlobShelf(AgentFolder folder)
{
    /// <summary>Ending of a partial file.</summary>
    public const string PartEnding = ".part";

    /// <summary>Ending of the record of chunks that a partial file holds.</summary>
    public const string MapEnding = ".map";

    private const int DigestLength = 2 * SHA256.HashSizeInBytes;

    /// <summary>Where a verified blob lies.</summary>
    public string PathOf(BlobRef blob) => Path.Combine(folder.Blobs, blob.Sha256);

    /// <summary>True when the blob is on disk and its content matches. Reads the whole file; a damaged file is removed.</summary>
    public async Task<bool> HoldsAsync(BlobRef blob, CancellationToken cancellationToken)
    {
        string path = PathOf(blob);
        if (!File.Exists(path))
            return false;
        if (await BlobHash.MatchesAsync(path, blob, cancellationToken))
            return true;
        File.Delete(path);
        return false;
    }

    /// <summary>The first blob that is missing or damaged; null when all are there.</summary>
    public async Task<BlobRef?> FirstLackingAsync(IEnumerable<BlobRef> blobs, CancellationToken cancellationToken)
    {
        foreach (BlobRef blob in blobs)
        {
            if (!await HoldsAsync(blob, cancellationToken))
                return blob;
        }

        return null;
    }

    /// <summary>Opens what has arrived of a blob so far, or begins it.</summary>
    public PartialBlob OpenPartial(BlobRef blob, int chunkBytes) => PartialBlob.Open(PathOf(blob), blob, chunkBytes);

    /// <summary>Bytes free for blobs.</summary>
    public long FreeBytes() => new DriveInfo(folder.Blobs).AvailableFreeSpace;

    /// <summary>Removes every blob, whole, partial or optimised, that none of these releases needs.</summary>
    /// <returns>Files removed.</returns>
    public int Collect(IEnumerable<BlobRef> needed)
    {
        HashSet<string> keep = needed.Select(b => b.Sha256).ToHashSet(StringComparer.Ordinal);
        string[] files = [.. Directory.GetFiles(folder.Blobs), .. Directory.Exists(folder.Optimized) ? Directory.GetFiles(folder.Optimized) : []];
        string[] unneeded = [.. files.Where(f => !keep.Contains(DigestIn(Path.GetFileName(f))))];
        foreach (string file in unneeded)
            File.Delete(file);
        return unneeded.Length;
    }

    // Every file that belongs to a blob begins with its digest.
    private static string DigestIn(string name) => name[..Math.Min(name.Length, DigestLength)];
}
