using System.Buffers.Binary;
using System.Security.Cryptography;
using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Datasets;

/// <summary>Labelled images as one binary file, ".images": what agents replay as frames.</summary>
/// <remarks>
/// Layout, version 1, all integers little-endian int32:
/// <code>
/// offset  bytes  content
/// 0       4      magic "INIM" (ASCII)
/// 4       4      version, 1
/// 8       4      n = number of images
/// 12      4      c = channels
/// 16      4      h = height
/// 20      4      w = width
/// 24      n      label of each image, one byte
/// 24+n    nchw   pixels, uint8, [n, c, h, w] row-major; a network reads pixel / 255 as float32
/// end-32  32     SHA-256 of everything before it
/// </code>
/// </remarks>
public static class ImageFile
{
    /// <summary>Version this code writes and reads.</summary>
    public const int Version = 1;

    private const int HeaderBytes = 24;
    private const int MaxSide = 1 << 14;

    private static ReadOnlySpan<byte> Magic => "INIM"u8;

    /// <summary>Writes beside the target, then renames: a reader sees the old file or the new one.</summary>
    public static void Write(string path, ImageSet images)
    {
        ArgumentNullException.ThrowIfNull(images);
        AtomicFile.Write(path, stream => Write(stream, images));
    }

    /// <summary>Reads and verifies.</summary>
    /// <exception cref="InvalidDataException">Not such a file, of another version, cut off or changed.</exception>
    public static ImageSet Read(string path)
    {
        ReadOnlySpan<byte> file = File.ReadAllBytes(path);
        ImageSet? images = Parse(file, out int length, out string fault);
        if (images is not null && length != file.Length)
            (images, fault) = (null, $"{file.Length - length} bytes follow its end");
        return images ?? throw new InvalidDataException($"'{path}' cannot be read as images: {fault}.");
    }

    internal static void Write(Stream stream, ImageSet images)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> header = stackalloc byte[HeaderBytes];
        Magic.CopyTo(header);
        TensorShape shape = images.Shape;
        ReadOnlySpan<int> fields = [Version, images.Count, shape.Channels, shape.Height, shape.Width];
        for (int i = 0; i < fields.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(header[(4 + 4 * i)..], fields[i]);
        hash.AppendData(header);
        hash.AppendData(images.Labels);
        hash.AppendData(images.Pixels);
        stream.Write(header);
        stream.Write(images.Labels);
        stream.Write(images.Pixels);
        stream.Write(hash.GetHashAndReset());
    }

    /// <summary>Reads one set from the start of <paramref name="bytes"/>, which may go on after it.</summary>
    /// <returns>Null when damaged; <paramref name="fault"/> then says how.</returns>
    internal static ImageSet? Parse(ReadOnlySpan<byte> bytes, out int length, out string fault)
    {
        length = 0;
        fault = "it does not begin with INIM";
        if (bytes.Length < HeaderBytes || !bytes.StartsWith(Magic))
            return null;
        if (Field(bytes, 0) is var version && version != Version)
        {
            fault = $"it has version {version}, this program reads version {Version}";
            return null;
        }

        int count = Field(bytes, 1), channels = Field(bytes, 2), height = Field(bytes, 3), width = Field(bytes, 4);
        fault = $"its header claims {count} images of {channels}x{height}x{width}, it has {bytes.Length} bytes";
        if (count < 0 || channels is < 1 or > MaxSide || height is < 1 or > MaxSide || width is < 1 or > MaxSide)
            return null;
        Int128 pixels = (Int128)count * channels * height * width;
        if (HeaderBytes + count + pixels + SHA256.HashSizeInBytes > bytes.Length)
            return null;

        int body = HeaderBytes + count + (int)pixels;
        fault = "its SHA-256 differs from the one at its end";
        if (!SHA256.HashData(bytes[..body]).AsSpan().SequenceEqual(bytes.Slice(body, SHA256.HashSizeInBytes)))
            return null;
        length = body + SHA256.HashSizeInBytes;
        fault = "";
        return new ImageSet(
            new TensorShape(channels, height, width),
            bytes.Slice(HeaderBytes + count, (int)pixels).ToArray(),
            bytes.Slice(HeaderBytes, count).ToArray());
    }

    private static int Field(ReadOnlySpan<byte> bytes, int index) => BinaryPrimitives.ReadInt32LittleEndian(bytes[(4 + 4 * index)..]);
}
