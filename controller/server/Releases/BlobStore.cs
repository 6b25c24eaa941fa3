using System.Buffers;
using System.Security.Cryptography;
using InstantNet.Contracts.Releases;
using InstantNet.Controller.Hosting;

namespace InstantNet.Controller.Releases;

/// <summary>Blobs by their content, one file each. A file that has its name is whole and right. Thread safe.</summary>
internal sealed class BlobStore(DataFolder folder)
{
    private const int CopyBytes = 64 * 1024;
    private const int DigestLength = 64;

    /// <summary>True for 64 lower-case hexadecimal digits.</summary>
    public static bool IsDigest(string text) => text.Length == DigestLength && text.All(char.IsAsciiHexDigitLower);

    /// <summary>Where a blob lies, or would.</summary>
    /// <param name="sha256">A digest; anything else could name a file elsewhere.</param>
    public string PathOf(string sha256) => IsDigest(sha256)
        ? Path.Combine(folder.Blobs, sha256)
        : throw new ArgumentException($"'{sha256}' is not {DigestLength} lower-case hexadecimal digits.", nameof(sha256));

    /// <summary>True when the store holds the blob.</summary>
    public bool Holds(BlobRef blob)
    {
        FileInfo file = new(PathOf(blob.Sha256));
        return file.Exists && file.Length == blob.Size;
    }

    /// <summary>Takes a blob in: written beside, hashed on the way, and given its name only when the hash is right.</summary>
    public async Task<BlobReceipt> PutAsync(string sha256, Stream content, CancellationToken cancellationToken)
    {
        string target = PathOf(sha256);
        if (File.Exists(target))
            return BlobReceipt.AlreadyHeld;
        string beside = Path.Combine(folder.Blobs, $".{Guid.NewGuid():n}.part");
        try
        {
            BlobReceipt receipt = await WriteAsync(beside, sha256, content, cancellationToken);
            if (receipt == BlobReceipt.Stored)
                File.Move(beside, target, overwrite: true);
            return receipt;
        }
        finally
        {
            File.Delete(beside);
        }
    }

    private static async Task<BlobReceipt> WriteAsync(string path, string sha256, Stream content, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(CopyBytes);
        try
        {
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using FileStream file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);
            long total = 0;
            while (await content.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            {
                total += read;
                if (total > ReleaseManifest.MaxBlobBytes)
                    return BlobReceipt.TooLarge;
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }

            if (Convert.ToHexStringLower(hash.GetHashAndReset()) != sha256)
                return BlobReceipt.WrongHash;
            file.Flush(flushToDisk: true);
            return BlobReceipt.Stored;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
