using System.Buffers.Binary;
using System.IO.Compression;

namespace InstantNet.Generation.Datasets;

/// <summary>Reads IDX files of bytes, the format of the original MNIST, gzip-compressed or not (told by content, not by name).</summary>
/// <remarks>
/// Layout: two zero bytes, type (8 = unsigned byte), number of dimensions, each dimension as big-endian int32, then the values, last dimension
/// fastest. Source: LeCun, Cortes, Burges, THE MNIST DATABASE, "File formats".
/// </remarks>
internal static class IdxFile
{
    private const byte UnsignedByte = 8;
    private const int MaxDimensions = 3;

    // Deflate makes at most 1,032 bytes of one (RFC 1951: 258 bytes from two bits).
    private const long MaxCompression = 1032;

    /// <param name="path">File.</param>
    /// <param name="dimensions">How many it must have, 1 to 3.</param>
    /// <returns>Size of each dimension, and the values. No more is ever read or held than the header says, whatever the compressed file unpacks to.</returns>
    /// <exception cref="InvalidDataException">Missing, of another kind, cut off, or longer than its header says; the sentence names the file.</exception>
    public static (int[] Sizes, byte[] Values) Read(string path, int dimensions)
    {
        if (!File.Exists(path))
            throw new InvalidDataException($"'{path}' is missing; {Accepted(dimensions)}.");
        try
        {
            using FileStream file = File.OpenRead(path);
            using Stream content = IsCompressed(file) ? new GZipStream(file, CompressionMode.Decompress) : file;
            return Parse(content, file, dimensions);
        }
        catch (FormatException e)
        {
            throw new InvalidDataException($"'{path}' is damaged or of another kind ({e.Message}); {Accepted(dimensions)}.", e);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"'{path}' is damaged (its compression: {e.Message.TrimEnd('.')}); {Accepted(dimensions)}.", e);
        }
    }

    private static string Accepted(int dimensions) =>
        $"an IDX file of unsigned bytes with {dimensions} dimension{(dimensions == 1 ? "" : "s")} is accepted, gzip-compressed or not";

    private static bool IsCompressed(FileStream file)
    {
        Span<byte> start = stackalloc byte[2];
        bool compressed = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start is [0x1f, 0x8b];
        file.Position = 0;
        return compressed;
    }

    private static (int[] Sizes, byte[] Values) Parse(Stream content, FileStream file, int dimensions)
    {
        Span<byte> header = stackalloc byte[4 + 4 * MaxDimensions];
        header = header[..(4 + 4 * dimensions)];
        if (content.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length)
            throw new FormatException("it ends within its header");
        if (header[..3] is not [0, 0, UnsignedByte] || header[3] != dimensions)
            throw new FormatException($"it begins with {Convert.ToHexString(header[..4])}, not 000008{dimensions:X2}");

        int[] sizes = new int[dimensions];
        long count = 1;
        for (int i = 0; i < dimensions; i++)
        {
            sizes[i] = BinaryPrimitives.ReadInt32BigEndian(header[(4 + 4 * i)..]);
            if (sizes[i] < 1 || (count *= sizes[i]) > Array.MaxLength)
                throw new FormatException($"its header claims sizes that are not positive or exceed {Array.MaxLength} bytes");
        }

        // A header is 16 bytes; what it claims is believed only once the file is long enough, or, compressed, could be.
        long claimed = header.Length + count;
        if (content == file && file.Length != claimed)
            throw new FormatException($"its header claims {claimed} bytes, it has {file.Length}");
        if (content != file && count > file.Length * MaxCompression)
            throw new FormatException($"its header claims {claimed} bytes, which {file.Length} compressed ones cannot hold");
        byte[] values = new byte[count];
        int read = content.ReadAtLeast(values, values.Length, throwOnEndOfStream: false);
        if (read < values.Length)
            throw new FormatException($"its header claims {count} values, it has {read}");
        return content.ReadByte() < 0 ? (sizes, values) : throw new FormatException("values follow its end");
    }
}
