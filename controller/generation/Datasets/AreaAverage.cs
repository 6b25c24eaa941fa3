namespace InstantNet.Generation.Datasets;

/// <summary>Brings square images to another size: every pixel of the result is the mean of the area that it covers, in whole numbers, so alike everywhere.</summary>
internal static class AreaAverage
{
    // Luma of ITU-R BT.601, 2.5.1, in thousandths.
    private const int RedWeight = 299, GreenWeight = 587, BlueWeight = 114, Weights = 1000;

    // Of libgd: 0 is opaque, 127 transparent.
    private const int Transparent = 127;

    /// <param name="square">[side, side], each 0xAARRGGBB with an alpha of 0 (opaque) to 127; what is transparent becomes black.</param>
    /// <param name="side">Pixels of a row, at most 2^13.</param>
    /// <param name="format">Size and channels of the result; larger than the source, it shows the source's pixels as blocks.</param>
    /// <param name="destination">[channels, size, size], 0..255.</param>
    public static void Write(ReadOnlySpan<int> square, int side, ImageFormat format, Span<byte> destination)
    {
        int size = format.Size, plane = size * size;
        for (int y = 0; y < size; y++)
        {
            for (int x = 0; x < size; x++)
            {
                (long red, long green, long blue) = Sum(square, side, size, x, y);
                int at = y * size + x;
                if (format.Channels == 1)
                {
                    destination[at] = Mean(RedWeight * red + GreenWeight * green + BlueWeight * blue, side, Weights);
                    continue;
                }

                destination[at] = Mean(red, side, 1);
                destination[at + plane] = Mean(green, side, 1);
                destination[at + 2 * plane] = Mean(blue, side, 1);
            }
        }
    }

    /// <summary>Colours of the area of one pixel of the result, times the area that each covers, in units of 1/size of a source pixel.</summary>
    private static (long Red, long Green, long Blue) Sum(ReadOnlySpan<int> square, int side, int size, int x, int y)
    {
        long red = 0, green = 0, blue = 0;
        for (int row = y * side / size; row * size < (y + 1) * side; row++)
        {
            ReadOnlySpan<int> line = square.Slice(row * side, side);
            int height = Covered(row, y, side, size);
            for (int column = x * side / size; column * size < (x + 1) * side; column++)
            {
                int pixel = line[column];
                long weight = (long)height * Covered(column, x, side, size) * (Transparent - ((pixel >> 24) & Transparent));
                red += weight * ((pixel >> 16) & 0xff);
                green += weight * ((pixel >> 8) & 0xff);
                blue += weight * (pixel & 0xff);
            }
        }

        return (red, green, blue);
    }

    private static int Covered(int source, int result, int side, int size) =>
        Math.Min((source + 1) * size, (result + 1) * side) - Math.Max(source * size, result * side);

    private static byte Mean(long sum, int side, int weights)
    {
        long whole = (long)side * side * Transparent * weights;
        return (byte)((sum + whole / 2) / whole);
    }
}
