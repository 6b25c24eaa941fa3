using InstantNet.Generation.Datasets;

namespace InstantNet.Tests.Unit.Generation.Datasets;

public class AreaAverageTests
{
    [Fact]
    public void The_same_size_keeps_every_pixel()
    {
        int[] square = [.. Enumerable.Range(0, 64).Select(i => (i << 16) | (255 - i << 8) | (2 * i))];
        byte[] result = new byte[3 * 64];

        AreaAverage.Write(square, 8, new ImageFormat(8, 3), result);

        Assert.Equal([.. Enumerable.Range(0, 64).Select(i => (byte)i), .. Enumerable.Range(0, 64).Select(i => (byte)(255 - i)), .. Enumerable.Range(0, 64).Select(i => (byte)(2 * i))], result);
    }

    [Fact]
    public void Half_the_size_is_the_mean_of_four_rounded_half_up()
    {
        int[] square = new int[16 * 16];
        (square[0], square[1], square[16], square[17]) = (1, 2, 3, 4); // blue: mean 2.5

        byte[] result = new byte[3 * 64];
        AreaAverage.Write(square, 16, new ImageFormat(8, 3), result);

        Assert.Equal(3, result[128]);
        Assert.All(result[129..], b => Assert.Equal(0, b));
    }

    [Fact]
    public void A_size_that_does_not_divide_takes_parts_of_pixels()
    {
        int[] square = new int[12 * 12];
        for (int y = 0; y < 12; y++)
            square[y * 12 + 1] = 90 << 8; // one green column

        byte[] result = new byte[3 * 64];
        AreaAverage.Write(square, 12, new ImageFormat(8, 3), result);

        // A result column covers 1.5 source columns; the green one lies half in the first, half in the second.
        Assert.Equal([30, 30, 0, 0, 0, 0, 0, 0], result[64..72]);
    }

    [Fact]
    public void Enlarging_shows_the_pixels_as_blocks()
    {
        int[] square = [10, 20, 30, 40];
        byte[] result = new byte[3 * 64];

        AreaAverage.Write(square, 2, new ImageFormat(8, 3), result);

        Assert.Equal([10, 10, 10, 10, 20, 20, 20, 20], result[128..136]);
        Assert.Equal([30, 30, 30, 30, 40, 40, 40, 40], result[184..192]);
    }

    [Theory]
    [InlineData(0xff0000, 76)]  // 0.299 * 255 = 76.2
    [InlineData(0x00ff00, 150)] // 0.587 * 255 = 149.7
    [InlineData(0x0000ff, 29)]  // 0.114 * 255 = 29.1
    [InlineData(0xffffff, 255)]
    [InlineData(0x7f000000 | 0xffffff, 0)] // transparent
    public void Grey_is_luma(int colour, byte expected)
    {
        byte[] result = new byte[64];

        AreaAverage.Write([.. Enumerable.Repeat(colour, 81)], 9, new ImageFormat(8, 1), result);

        Assert.All(result, b => Assert.Equal(expected, b));
    }

    [Fact]
    public void No_sum_overflows_at_the_largest_side()
    {
        int side = (int)Math.Sqrt(ImageDecoder.MaxPixels);
        int[] square = new int[side * side];
        Array.Fill(square, 0xffffff);
        byte[] result = new byte[64];

        AreaAverage.Write(square, side, new ImageFormat(8, 1), result);

        Assert.All(result, b => Assert.Equal(255, b));
    }
}
