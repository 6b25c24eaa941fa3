using System.Buffers.Binary;

namespace InstantNet.Generation.Datasets;

/// <summary>Format and size of an image file, read from its first bytes, before a decoder allocates anything for it.</summary>
/// <param name="Format">By content; the file's name says nothing.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="End">Offset of what follows in the file: for JPEG, past everything that may hold another image, such as a thumbnail.</param>
internal readonly record struct ImageHeader(ImageFileFormat Format, int Width, int Height, int End)
{
    private const int PngHeaderBytes = 24;
    private const int MarkerBytes = 2;
    private const int FrameBytes = 7; // length, precision, height, width

    private static ReadOnlySpan<byte> PngStart => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, (byte)'I', (byte)'H', (byte)'D', (byte)'R'];

    /// <summary>Null when the bytes begin neither a PNG nor a JPEG image, or end before its size.</summary>
    /// <remarks>Source: PNG (ISO/IEC 15948), 11.2.2; JPEG (ITU-T T.81), B.1.1 and B.2.2.</remarks>
    public static ImageHeader? Read(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith(PngStart) && file.Length >= PngHeaderBytes)
            return Sized(ImageFileFormat.Png, BinaryPrimitives.ReadUInt32BigEndian(file[16..]), BinaryPrimitives.ReadUInt32BigEndian(file[20..]), PngHeaderBytes);
        return file is [0xff, 0xd8, ..] ? ReadJpeg(file) : null;
    }

    private static ImageHeader? ReadJpeg(ReadOnlySpan<byte> file)
    {
        ReadOnlySpan<byte> segments = file[MarkerBytes..];
        while (segments.Length >= MarkerBytes + FrameBytes)
        {
            if (segments[0] != 0xff)
                return null;
            byte marker = segments[1];
            if (marker == 0xff) // a fill byte
            {
                segments = segments[1..];
                continue;
            }

            ReadOnlySpan<byte> segment = segments[MarkerBytes..];
            if (IsFrame(marker))
            {
                (ushort height, ushort width) = (BinaryPrimitives.ReadUInt16BigEndian(segment[3..]), BinaryPrimitives.ReadUInt16BigEndian(segment[5..]));
                return Sized(ImageFileFormat.Jpeg, width, height, file.Length - segment.Length + FrameBytes);
            }

            int length = IsBare(marker) ? 0 : BinaryPrimitives.ReadUInt16BigEndian(segment);
            if (length > segment.Length)
                return null;
            segments = segment[length..];
        }

        return null;
    }

    // SOF0..SOF15 without DHT, JPG and DAC, which share the range.
    private static bool IsFrame(byte marker) => marker is >= 0xc0 and <= 0xcf and not (0xc4 or 0xc8 or 0xcc);

    // TEM and RST0..7 have no length.
    private static bool IsBare(byte marker) => marker is 0x01 or (>= 0xd0 and <= 0xd7);

    private static ImageHeader? Sized(ImageFileFormat format, uint width, uint height, int end) =>
        width is >= 1 and <= int.MaxValue && height is >= 1 and <= int.MaxValue ? new ImageHeader(format, (int)width, (int)height, end) : null;
}

/// <summary>Image files that can be decoded.</summary>
internal enum ImageFileFormat
{
    /// <summary>Portable Network Graphics.</summary>
    Png,

    /// <summary>JPEG, any process that libjpeg-turbo decodes.</summary>
    Jpeg,
}
