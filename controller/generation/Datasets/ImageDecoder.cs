using System.Buffers;
using System.Globalization;

namespace InstantNet.Generation.Datasets;

/// <summary>Decodes PNG and JPEG files with libgd, crops their middle square and brings it to one size. Safe from several threads.</summary>
internal static class ImageDecoder
{
    /// <summary>Largest image, in pixels: 128 MiB once decoded. A file may claim far more in a few bytes, so this is checked before anything is allocated.</summary>
    public const int MaxPixels = 1 << 25;

    private const int MaxFileBytes = 1 << 26;
    private const int IgnoreWarnings = 1;
    private const string Accepted = "PNG and JPEG images are accepted";

    // libjpeg paints what is missing of a file in grey and calls that a warning. Pixels never have these bytes (ITU-T T.81, B.1.1.5).
    private static ReadOnlySpan<byte> JpegEnd => [0xff, 0xd9];

    /// <summary>Makes libgd silent, and says at once when it is not installed.</summary>
    /// <exception cref="InvalidDataException">It is not.</exception>
    public static unsafe void Prepare()
    {
        try
        {
            NativeGd.gdSetErrorMethod(&NativeGd.Ignore);
        }
        catch (DllNotFoundException e)
        {
            throw new InvalidDataException("Image files need libgd, which is not installed: install the Debian package libgd3, or run deploy/setup.sh.", e);
        }
    }

    /// <param name="file">Image of any size up to <see cref="MaxPixels"/>; its EXIF orientation is not looked at.</param>
    /// <param name="format">What to make of it.</param>
    /// <param name="destination">[channels, size, size], 0..255.</param>
    /// <exception cref="InvalidDataException">Too large, of another kind, cut off or damaged; the sentence names the file.</exception>
    public static void Decode(string file, ImageFormat format, Span<byte> destination)
    {
        long length = new FileInfo(file).Length;
        if (length > MaxFileBytes)
            throw Refused(file, $"has {length} bytes: up to {MaxFileBytes} are accepted");
        byte[] bytes = File.ReadAllBytes(file);
        if (ImageHeader.Read(bytes) is not { } header)
            throw Refused(file, $"is no image or ends within its header: {Accepted}");
        if ((long)header.Width * header.Height > MaxPixels)
            throw Refused(file, $"is {header.Width}x{header.Height} pixels large: up to {MaxPixels} pixels are accepted");
        if (header.Format == ImageFileFormat.Jpeg && bytes.AsSpan(header.End).LastIndexOf(JpegEnd) < 0)
            throw Refused(file, $"is cut off: {Accepted}");

        using GdImageHandle image = Decode(bytes, header.Format);
        if (image.IsInvalid)
            throw Refused(file, $"does not decode, it is cut off or damaged: {Accepted}");
        int side = Math.Min(header.Width, header.Height);
        int[] square = ArrayPool<int>.Shared.Rent(side * side);
        try
        {
            CopySquare(image, (header.Width - side) / 2, (header.Height - side) / 2, side, square);
            AreaAverage.Write(square, side, format, destination);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(square);
        }
    }

    private static InvalidDataException Refused(string file, FormattableString how) => new($"'{file}' {how.ToString(CultureInfo.InvariantCulture)}.");

    private static unsafe GdImageHandle Decode(byte[] bytes, ImageFileFormat format)
    {
        fixed (byte* data = bytes)
        {
            return new GdImageHandle(format == ImageFileFormat.Png
                ? NativeGd.gdImageCreateFromPngPtr(bytes.Length, data)
                : NativeGd.gdImageCreateFromJpegPtrEx(bytes.Length, data, IgnoreWarnings));
        }
    }

    private static void CopySquare(GdImageHandle image, int left, int top, int side, Span<int> square)
    {
        bool held = false;
        try
        {
            image.DangerousAddRef(ref held);
            nint pixels = image.DangerousGetHandle();
            for (int y = 0; y < side; y++)
            {
                for (int x = 0; x < side; x++)
                    square[y * side + x] = NativeGd.gdImageGetTrueColorPixel(pixels, left + x, top + y);
            }
        }
        finally
        {
            if (held)
                image.DangerousRelease();
        }
    }
}
