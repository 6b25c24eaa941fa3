using System.Buffers.Binary;
using System.IO.Compression;

namespace InstantNet.Tests.Unit.Generation.Datasets;

/// <summary>Writes PNG files byte by byte, so that tests know every pixel and can damage them.</summary>
internal static class SomePng
{
    private const byte Grey = 0, Colour = 2, ColourAndAlpha = 6;

    public static byte[] OfGrey(int width, int height, Func<int, int, byte> pixel) => Write(width, height, Grey, (x, y) => [pixel(x, y)]);

    public static byte[] Of(int width, int height, Func<int, int, (byte Red, byte Green, byte Blue)> pixel) =>
        Write(width, height, Colour, (x, y) => pixel(x, y) is var (red, green, blue) ? [red, green, blue] : []);

    public static byte[] OfAlpha(int width, int height, Func<int, int, byte[]> pixel) => Write(width, height, ColourAndAlpha, pixel);

    /// <summary>A valid PNG of one colour that claims another size than the pixels it holds.</summary>
    public static byte[] Claiming(int width, int height)
    {
        byte[] header = Header(width, height, Colour);
        return [.. Start, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, Compressed(new byte[64])), .. Chunk("IEND"u8, [])];
    }

    private static ReadOnlySpan<byte> Start => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    private static byte[] Write(int width, int height, byte colourType, Func<int, int, byte[]> pixel)
    {
        List<byte> rows = [];
        for (int y = 0; y < height; y++)
        {
            rows.Add(0); // no filter
            for (int x = 0; x < width; x++)
                rows.AddRange(pixel(x, y));
        }

        return [.. Start, .. Chunk("IHDR"u8, Header(width, height, colourType)), .. Chunk("IDAT"u8, Compressed([.. rows])), .. Chunk("IEND"u8, [])];
    }

    private static byte[] Header(int width, int height, byte colourType)
    {
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, colourType);
        return header;
    }

    private static byte[] Compressed(byte[] content)
    {
        using MemoryStream stream = new();
        using (ZLibStream zlib = new(stream, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(content);
        return stream.ToArray();
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        byte[] length = new byte[4], checksum = new byte[4], body = [.. type, .. content];
        BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(checksum, Crc(body));
        return [.. length, .. body, .. checksum];
    }

    // CRC-32 of PNG, annex D.
    private static uint Crc(byte[] bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 1 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        }

        return ~crc;
    }
}
