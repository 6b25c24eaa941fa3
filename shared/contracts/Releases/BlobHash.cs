using System.Security.Cryptography;

namespace InstantNet.Contracts.Releases;

/// <summary>Content addresses.</summary>
public static class BlobHash
{
    /// <summary>Address of bytes in memory.</summary>
    public static BlobRef Of(ReadOnlySpan<byte> content) => new(Convert.ToHexStringLower(SHA256.HashData(content)), content.Length);

    /// <summary>True for 64 lower-case hexadecimal digits.</summary>
    public static bool IsDigest(string? text) => text is { Length: 2 * SHA256.HashSizeInBytes } && text.All(char.IsAsciiHexDigitLower);

    /// <summary>Number of chunks that a blob is published in.</summary>
    public static int ChunkCount(BlobRef blob, int chunkBytes)
    {
        ArgumentNullException.ThrowIfNull(blob);
        return checked((int)((blob.Size + chunkBytes - 1) / chunkBytes));
    }

    /// <summary>True when a file holds exactly the content of that address. Reads the whole file.</summary>
    public static async Task<bool> MatchesAsync(string path, BlobRef blob, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(blob);
        await using FileStream file = File.OpenRead(path);
        if (file.Length != blob.Size)
            return false;
        byte[] digest = await SHA256.HashDataAsync(file, cancellationToken);
        return Convert.ToHexStringLower(digest) == blob.Sha256;
    }
}
