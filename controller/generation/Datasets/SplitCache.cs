using System.Buffers.Binary;

namespace InstantNet.Generation.Datasets;

/// <summary>One split of a data set in one file, so that only the first run parses JSON.</summary>
/// <remarks>
/// Layout, version 1, little-endian: magic "INDS", int32 version, int32 seed, int64 fingerprint of the source; then the training images
/// and the test images, each as an <see cref="ImageFile"/> with its own SHA-256. A damaged header matches no source, a damaged body no hash.
/// </remarks>
internal static class SplitCache
{
    private const int Version = 1;
    private const int HeaderBytes = 20;

    private static ReadOnlySpan<byte> Magic => "INDS"u8;

    /// <summary>Writes beside and renames.</summary>
    public static void Write(string path, int seed, long fingerprint, ImageSet train, ImageSet test) => AtomicFile.Write(path, stream =>
    {
        stream.Write(Header(seed, fingerprint));
        ImageFile.Write(stream, train);
        ImageFile.Write(stream, test);
    });

    /// <summary>Null when the file is missing, damaged, of another version, or made with another seed or from another source.</summary>
    public static (ImageSet Train, ImageSet Test)? TryRead(string path, int seed, long fingerprint)
    {
        if (!File.Exists(path))
            return null;
        ReadOnlySpan<byte> file = File.ReadAllBytes(path);
        if (!file.StartsWith(Header(seed, fingerprint)))
            return null;
        ReadOnlySpan<byte> body = file[HeaderBytes..];
        ImageSet? train = ImageFile.Parse(body, out int trainBytes, out _);
        if (train is null)
            return null;
        ImageSet? test = ImageFile.Parse(body[trainBytes..], out int testBytes, out _);
        return test is null || trainBytes + testBytes != body.Length ? null : (train, test);
    }

    private static byte[] Header(int seed, long fingerprint)
    {
        byte[] header = new byte[HeaderBytes];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), Version);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), seed);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(12), fingerprint);
        return header;
    }
}
