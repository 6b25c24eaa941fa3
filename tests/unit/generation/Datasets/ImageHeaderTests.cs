using InstantNet.Generation.Datasets;

namespace InstantNet.Tests.Unit.Generation.Datasets;

public class ImageHeaderTests
{
    [Fact]
    public void A_png_tells_its_size() =>
        Assert.Equal(new ImageHeader(ImageFileFormat.Png, 7, 3, 24), ImageHeader.Read(SomePng.OfGrey(7, 3, (_, _) => 1)));

    [Fact]
    public void A_jpeg_tells_its_size_whatever_stands_before_it()
    {
        byte[] jpeg = [0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xff, 0xfe, 0, 3, 9, 0xff, 0xc2, 0, 17, 8, 0x01, 0x02, 0x03, 0x04, 3];

        Assert.Equal(new ImageHeader(ImageFileFormat.Jpeg, 0x304, 0x102, 23), ImageHeader.Read(jpeg));
    }

    [Fact]
    public void No_beginning_of_a_file_is_mistaken_for_a_size()
    {
        byte[] png = SomePng.OfGrey(7, 3, (_, _) => 1), jpeg = [0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xc0, 0, 17, 8, 0, 5, 0, 6];

        Assert.All(Enumerable.Range(0, 24), length => Assert.Null(ImageHeader.Read(png.AsSpan(0, length))));
        Assert.All(Enumerable.Range(0, jpeg.Length), length => Assert.Null(ImageHeader.Read(jpeg.AsSpan(0, length))));
        Assert.NotNull(ImageHeader.Read(jpeg));
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(5, 0)]
    [InlineData(-1, 5)]
    public void A_png_of_no_size_is_none(int width, int height) => Assert.Null(ImageHeader.Read(SomePng.Claiming(width, height)));

    [Fact]
    public void Noise_never_throws()
    {
        Random random = new(1);
        for (int i = 0; i < 2000; i++)
        {
            byte[] noise = new byte[random.Next(100)];
            random.NextBytes(noise);
            if (noise.Length > 2)
                (noise[0], noise[1], noise[2]) = (0xff, 0xd8, 0xff);
            ImageHeader.Read(noise);
        }
    }
}
