using InstantNet.Contracts.Releases;
using InstantNet.Controller.Hosting;

namespace InstantNet.Controller.Releases;

/// <summary>Writes a release as files for a web server: every blob and the manifest under their digests, the signature, and desired properties.</summary>
/// <param name="envelope">The signed manifest.</param>
/// <param name="manifest">Its content.</param>
/// <param name="desired">Content of <see cref="DesiredName"/>.</param>
/// <param name="copyBlob">Writes one blob to a stream.</param>
internal sealed class ReleaseExport(
    SignedManifest envelope, ReleaseManifest manifest, byte[] desired, Func<BlobRef, Stream, CancellationToken, Task> copyBlob)
{
    /// <summary>File of the desired properties. It may hold a secret: not for the web server.</summary>
    public const string DesiredName = "desired.json";

    /// <summary>Follows the digest of the manifest in the name of the signature's file.</summary>
    public const string SignatureEnding = ".sig";

    private readonly BlobRef _manifest = BlobHash.Of(envelope.Manifest);

    /// <summary>Address of the manifest.</summary>
    public BlobRef Manifest => _manifest;

    /// <summary>Writes all files, or none: they are made beside the folder, which is then put in place.</summary>
    /// <param name="folder">Must be absent, empty, or what an earlier export of the same release wrote.</param>
    /// <param name="cancellationToken">Gives up; nothing stays.</param>
    /// <returns>Names of the files, in order.</returns>
    /// <exception cref="InvalidDataException">A blob is not what its address says.</exception>
    /// <exception cref="IOException">The folder holds something else, or the disk refuses.</exception>
    public async Task<IReadOnlyList<string>> WriteAsync(string folder, CancellationToken cancellationToken)
    {
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        IReadOnlyList<BlobRef> blobs = ReleaseBlobs.Of(manifest);
        string[] names = [.. blobs.Select(b => b.Sha256), _manifest.Sha256, _manifest.Sha256 + SignatureEnding, DesiredName];
        ThrowIfForeign(target, names);
        string beside = $"{target}.{Path.GetRandomFileName()}";
        try
        {
            Directory.CreateDirectory(beside);
            foreach (BlobRef blob in blobs)
                await WriteBlobAsync(Path.Combine(beside, blob.Sha256), blob, cancellationToken);
            await File.WriteAllBytesAsync(Path.Combine(beside, _manifest.Sha256), envelope.Manifest, cancellationToken);
            await File.WriteAllBytesAsync(Path.Combine(beside, _manifest.Sha256 + SignatureEnding), envelope.Signature, cancellationToken);
            PrivateFile.Write(Path.Combine(beside, DesiredName), System.Text.Encoding.UTF8.GetString(desired));
            PutInPlace(beside, target);
        }
        finally
        {
            if (Directory.Exists(beside))
                Directory.Delete(beside, recursive: true);
        }

        return [.. names.Order(StringComparer.Ordinal)];
    }

    private static void ThrowIfForeign(string target, string[] names)
    {
        if (File.Exists(target))
            throw new IOException($"'{target}' is a file: a folder is needed that is new, empty or holds an earlier export of this release.");
        if (!Directory.Exists(target))
            return;
        string? foreign = Directory.EnumerateFileSystemEntries(target).Select(e => Path.GetFileName(e)).FirstOrDefault(n => !names.Contains(n));
        if (foreign is not null)
            throw new IOException($"'{target}' holds '{foreign}', which is no part of this release: a folder is needed that is new or empty.");
    }

    private static void PutInPlace(string beside, string target)
    {
        if (!Directory.Exists(target))
        {
            Directory.Move(beside, target);
            return;
        }

        string old = $"{target}.{Path.GetRandomFileName()}";
        Directory.Move(target, old);
        Directory.Move(beside, target);
        Directory.Delete(old, recursive: true);
    }

    private async Task WriteBlobAsync(string path, BlobRef blob, CancellationToken cancellationToken)
    {
        await using (FileStream file = new(path, FileMode.CreateNew, FileAccess.Write))
            await copyBlob(blob, file, cancellationToken);
        if (!await BlobHash.MatchesAsync(path, blob, cancellationToken))
            throw new InvalidDataException($"Blob {blob.Sha256} is not what its address says: the controller's store is damaged.");
    }
}
